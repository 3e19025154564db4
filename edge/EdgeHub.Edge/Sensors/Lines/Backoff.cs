namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>
/// How long to wait before the next attempt: doubling from <see cref="First"/> up to <see cref="Cap"/>, each wait shortened by
/// up to a fifth so that a hundred boxes on one failed feeder do not come back in step. Pure but for the chance it was given.
/// </summary>
/// <param name="chance">Numbers in [0, 1).</param>
public sealed class Backoff(Func<double> chance)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    TimeSpan next = First;

    public TimeSpan Next()
    {
        var wait = next * (1 - (chance() / 5));
        next = next * 2 < Cap ? next * 2 : Cap;
        return wait;
    }

    /// <summary>The attempt bore fruit: the next failure starts over.</summary>
    public void Reset() => next = First;
}
