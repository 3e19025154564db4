namespace EdgeHub.Edge.Sensors;

/// <summary>
/// The raw bytes of the last minutes of one port, in a ring with two limits, and what stood in it around each fault: a fault at night is
/// looked at in the morning. Written by the port's one loop and read by whoever shows it.
/// </summary>
public sealed class RawRing
{
    /// <summary>Bytes kept: at 9600 baud one minute of an uninterrupted stream, of a sensor a second some ten.</summary>
    public const int BytesMax = 64 << 10;

    /// <summary>Chunks kept: each costs some memory beside its bytes.</summary>
    public const int ChunksMax = 1024;

    /// <summary>Older ones go.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    /// <summary>Faults kept, the newest.</summary>
    public const int FaultsMax = 8;

    /// <summary>Chunks kept with a fault: so many from before it and so many after.</summary>
    public const int ChunksAroundFault = 16;

    readonly Lock gate = new();
    readonly Queue<(long BootTimeMs, bool Sent, byte[] Bytes)> chunks = new();
    readonly Queue<(long BootTimeMs, string Reason, List<RawChunk> Chunks)> faults = new(FaultsMax);
    int bytes;
    int following;

    /// <summary>The last minutes, oldest first.</summary>
    public IReadOnlyList<RawChunk> Recent()
    {
        lock (gate)
            return [.. chunks.Select(Show)];
    }

    /// <summary>The last faults, oldest first.</summary>
    public IReadOnlyList<RawFault> Faults()
    {
        lock (gate)
            return [.. faults.Select(fault => new RawFault(fault.BootTimeMs, fault.Reason, [.. fault.Chunks]))];
    }

    /// <summary>Bytes went over the port.</summary>
    public void Add(long bootTimeMs, bool sent, ReadOnlySpan<byte> more)
    {
        if (more.IsEmpty)
            return;
        lock (gate)
        {
            var chunk = (bootTimeMs, sent, more[..Math.Min(more.Length, BytesMax)].ToArray());
            chunks.Enqueue(chunk);
            bytes += chunk.Item3.Length;
            while (bytes > BytesMax || chunks.Count > ChunksMax || bootTimeMs - chunks.Peek().BootTimeMs > Age.TotalMilliseconds)
                bytes -= chunks.Dequeue().Bytes.Length;
            if (following > 0)
            {
                following--;
                faults.Last().Chunks.Add(Show(chunk));
            }
        }
    }

    /// <summary>Something was wrong: what came before is frozen, what follows is added to it. A fault within the last one's tail belongs to that.</summary>
    public void Freeze(long bootTimeMs, string reason)
    {
        lock (gate)
        {
            if (following > 0)
                return;
            if (faults.Count == FaultsMax)
                faults.Dequeue();
            faults.Enqueue((bootTimeMs, reason, [.. chunks.TakeLast(ChunksAroundFault).Select(Show)]));
            following = ChunksAroundFault;
        }
    }

    static RawChunk Show((long BootTimeMs, bool Sent, byte[] Bytes) chunk) => new(chunk.BootTimeMs, chunk.Sent, Convert.ToHexString(chunk.Bytes));
}
