using EdgeHub.Wire;

namespace EdgeHub.Simulation;

/// <summary>A value that a sensor gave, and what became of it on the box.</summary>
sealed class KnownReading(string stream, long unixMs)
{
    public string Stream => stream;

    /// <summary>True time.</summary>
    public long UnixMs => unixMs;

    public SpoolId Spool { get; set; }

    /// <summary>0 while it is not announced as recorded.</summary>
    public ulong Sequence { get; set; }

    public TimeSpan RecordedAt { get; set; }
}
