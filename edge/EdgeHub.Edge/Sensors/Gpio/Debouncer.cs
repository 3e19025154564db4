namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// Decides when a contact has changed: a level counts once it has stood for the whole window since its last edge. An edge that
/// goes back before is a bounce. Pure: time comes in as the span since any fixed origin.
/// </summary>
public sealed class Debouncer(TimeSpan window, bool level)
{
    TimeSpan since;

    /// <summary>The level that counts.</summary>
    public bool Level { get; private set; } = level;

    /// <summary>The level since the last edge, settled or not.</summary>
    public bool Candidate { get; private set; } = level;

    /// <summary>Edges that did not last.</summary>
    public long Bounces { get; private set; }

    /// <summary>When to call <see cref="Settle"/>, or null while nothing is under way.</summary>
    public TimeSpan? Deadline => Candidate == Level ? null : since + window;

    /// <summary>The line has shown <paramref name="seen"/>.</summary>
    public void Edge(bool seen, TimeSpan now)
    {
        if (seen == Candidate)
        {
            // Two edges of one kind: the one between them was too short to be seen.
            if (Candidate != Level)
            {
                Bounces++;
                since = now;
            }

            return;
        }

        if (seen == Level)
            Bounces++;
        Candidate = seen;
        since = now;
    }

    /// <summary>True when the level has just changed for good.</summary>
    public bool Settle(TimeSpan now)
    {
        if (Candidate == Level || now < since + window)
            return false;
        Level = Candidate;
        return true;
    }
}
