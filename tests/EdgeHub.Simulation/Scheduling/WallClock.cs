namespace EdgeHub.Simulation.Scheduling;

/// <summary>A machine's wall clock: right, or off by as much as the seed says.</summary>
sealed class WallClock
{
    /// <summary>True time at the world's beginning.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far it is off.</summary>
    public TimeSpan Error { get; set; }

    public DateTimeOffset Now(TimeSpan since) => Beginning + since + Error;
}
