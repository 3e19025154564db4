using EdgeHub.Edge.Sensors.Standby;

namespace EdgeHub.Edge.Sensors;

/// <summary>What is known of a port, written by its one loop and read by whoever shows it.</summary>
public sealed class PortState(string port)
{
    /// <summary>Bad frames kept in memory for the technician.</summary>
    public const int BadFramesMax = 32;

    /// <summary>Bytes shown of each.</summary>
    public const int BadFrameBytesMax = 64;

    readonly Lock gate = new();
    readonly Queue<BadFrame> badFrames = new(BadFramesMax);
    Condition condition = Condition.Starting;
    string sentence = "not opened yet.";
    long openings;
    long bytesRead;

    public string Port => port;

    /// <summary>What this box does on a line that it shares with a second one; null on a line of its own.</summary>
    public SharedStatus? Shared { get; private set; }

    /// <summary>The raw bytes of the last minutes, and those around faults.</summary>
    public RawRing Raw { get; } = new();

    internal long BytesRead
    {
        get
        {
            lock (gate)
                return bytesRead;
        }
    }

    /// <summary>Sets the state; true when it differs from the one before, so that a log says a change once.</summary>
    public bool Become(Condition now, string why)
    {
        lock (gate)
        {
            var changed = now != condition || why != sentence;
            (condition, sentence) = (now, why);
            return changed;
        }
    }

    public PortStatus Snapshot()
    {
        lock (gate)
            return new PortStatus(port, condition, sentence, openings, bytesRead, [.. badFrames]);
    }

    internal void Share(StandbyState state, string why)
    {
        // A new object only when something changed: a line is heard many times a second.
        if (Shared is not { } known || known.State != state || known.Sentence != why)
            Shared = new SharedStatus(state, why);
    }

    internal void CountOpening()
    {
        lock (gate)
            openings++;
    }

    internal void CountBytes(int count)
    {
        lock (gate)
            bytesRead += count;
    }

    internal void Keep(long bootTimeMs, string reason, ReadOnlySpan<byte> bytes)
    {
        Raw.Freeze(bootTimeMs, reason);
        var hex = Convert.ToHexString(bytes[..Math.Min(bytes.Length, BadFrameBytesMax)]);
        lock (gate)
        {
            if (badFrames.Count == BadFramesMax)
                badFrames.Dequeue();
            badFrames.Enqueue(new BadFrame(bootTimeMs, reason, hex));
        }
    }
}
