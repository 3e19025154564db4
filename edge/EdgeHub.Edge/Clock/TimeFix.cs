namespace EdgeHub.Edge.Clock;

/// <summary>The true time as a source beside the box told it.</summary>
/// <param name="BootTimeMs">CLOCK_BOOTTIME in milliseconds when it was told.</param>
/// <param name="Utc">What the time was then.</param>
/// <param name="Error">The greatest difference to the truth.</param>
/// <param name="Source">Who told it: a sensor's id.</param>
public readonly record struct TimeFix(long BootTimeMs, DateTimeOffset Utc, TimeSpan Error, string Source);
