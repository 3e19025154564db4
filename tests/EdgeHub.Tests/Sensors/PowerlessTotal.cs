using EdgeHub.Edge.Sensors.Gpio;

namespace EdgeHub.Tests.Sensors;

/// <summary>A total on a disk in memory that can lose its power in the middle of a write.</summary>
sealed class PowerlessTotal : TotalFile
{
    byte[] medium = [];

    public override string Name => "memory";

    /// <summary>How many bytes of the next write reach the medium before the power goes; null for all.</summary>
    public int? CutAfter { get; set; }

    /// <summary>The medium refuses every write.</summary>
    public bool Refuses { get; set; }

    /// <summary>What was saved for certain.</summary>
    public ulong Saved { get; private set; }

    public byte[] Medium => medium;

    /// <summary>The same medium after a start.</summary>
    public PowerlessTotal Restarted() => new() { medium = [.. medium] };

    protected override byte[] ReadAll() => medium;

    protected override Task WriteAsync(long offset, byte[] bytes)
    {
        if (Refuses)
            return Task.FromException(new IOException("the medium is worn out"));
        if (medium.Length < offset + bytes.Length)
            Array.Resize(ref medium, (int)offset + bytes.Length);
        bytes.AsSpan(0, Math.Min(bytes.Length, CutAfter ?? bytes.Length)).CopyTo(medium.AsSpan((int)offset));
        if (CutAfter is not null)
            return Task.FromException(new IOException("the power is cut"));
        Saved = BitConverter.ToUInt64(bytes, 12);
        return Task.CompletedTask;
    }
}
