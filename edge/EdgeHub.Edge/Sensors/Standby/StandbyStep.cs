namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>
/// Which of two boxes on one bus asks. Neither knows more of the other than what both hear on the line. What always holds here:
/// <list type="number">
/// <item>A box begins by listening: after its start, when the line was away, and when it stood still itself for longer than <see cref="StallMax"/>.</item>
/// <item>It asks only after nobody was heard for its wait, which is drawn anew each time: of the preferred box from 0.6 to 0.7 of the
/// configured silence, of the other from 0.9 to 1.0. So after the silence somebody asks, and two that begin to wait together do not end together.</item>
/// <item>A question that somebody else asked ends its own asking at once. Of two that ask at one time the first that hears the other steps
/// down; do both, the preferred one is back first.</item>
/// <item>Two that ask in step hear nothing but noise: after two questions in a row that were not answered the next one waits for a random while.</item>
/// </list>
/// Pure: time comes in as the span since any fixed origin, chance as numbers in [0, 1).
/// </summary>
public sealed class StandbyStep(StandbyOptions options, Func<double> chance, TimeSpan now)
{
    const double PreferredFrom = 0.6;
    const double StandbyFrom = 0.9;
    const double WaitSpread = 0.1;
    const double StallShare = 0.25;

    /// <summary>The longest pause after two questions without an answer: some exchanges of a box that is in step with this one.</summary>
    public static readonly TimeSpan HoldMax = TimeSpan.FromMilliseconds(250);

    static readonly TimeSpan StallMin = TimeSpan.FromSeconds(2);

    TimeSpan turnedAt = now;
    int failures;

    /// <summary>Whether this box asks.</summary>
    public bool IsActive { get; private set; }

    /// <summary>When it takes over unless somebody is heard until then; says something only while it listens.</summary>
    public TimeSpan TakesOverAt { get; private set; } = now + Wait(options, chance);

    /// <summary>Before it must not ask.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>A box that stood still for longer does not know what happened on the line meanwhile.</summary>
    public TimeSpan StallMax => options.Silence * StallShare > StallMin ? options.Silence * StallShare : StallMin;

    /// <summary>The line is open.</summary>
    public void Open(TimeSpan now)
    {
        turnedAt = now;
        Listen(now);
    }

    /// <summary>The loop turned. True when it had stood still, and listens now.</summary>
    public bool Turn(TimeSpan now)
    {
        var stood = now - turnedAt > StallMax;
        turnedAt = now;
        if (stood)
            Listen(now);
        return stood;
    }

    /// <summary>Somebody else asked. True when this box asked until now, and listens from here on.</summary>
    public bool HeardQuestion(TimeSpan now)
    {
        var asked = IsActive;
        Listen(now);
        return asked;
    }

    /// <summary>An instrument answered somebody. To a box that asks this says nothing: it may be a late answer to itself.</summary>
    public void HeardAnswer(TimeSpan now)
    {
        if (!IsActive)
            Listen(now);
    }

    /// <summary>Nothing was on the line just now. True when this box takes over.</summary>
    public bool TakeOver(TimeSpan now)
    {
        if (IsActive || now < TakesOverAt)
            return false;
        (IsActive, NotBefore, failures) = (true, now, 0);
        return true;
    }

    /// <summary>A question of this box was answered.</summary>
    public void Answered() => failures = 0;

    /// <summary>A question of this box was not answered, or what came was noise.</summary>
    public void Unanswered(TimeSpan now)
    {
        failures++;
        NotBefore = failures < 2 ? now : now + (HoldMax * chance());
    }

    void Listen(TimeSpan now)
    {
        IsActive = false;
        TakesOverAt = now + Wait(options, chance);
    }

    static TimeSpan Wait(StandbyOptions options, Func<double> chance) =>
        options.Silence * ((options.Role == StandbyRole.Preferred ? PreferredFrom : StandbyFrom) + (WaitSpread * chance()));
}
