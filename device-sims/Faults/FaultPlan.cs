using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Faults;

/// <summary>
/// Which faults strike one device. Each fault draws from a random source of its own, once a frame whether
/// it is on or off, so that switching one on changes no other. Rates may be set from any thread; one loop draws.
/// </summary>
public sealed class FaultPlan
{
    private const int GarbageBytesMax = 24;

    /// <summary>The first bytes of a frame say what it is and how long: a flip there would make it another thing than a bad checksum.</summary>
    private const int HeaderBytes = 4;

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private readonly double[] _rates = new double[Kinds.Length];
    private readonly long[] _struck = new long[Kinds.Length];
    private readonly SplitMix64[] _chances;
    private readonly SplitMix64 _bytes;

    /// <summary>A plan for <paramref name="sensorId"/> in which nothing goes wrong yet.</summary>
    public FaultPlan(string sensorId, ulong seed)
    {
        _chances = [.. Kinds.Select(kind => SplitMix64.For(seed, sensorId, $"fault-{kind}"))];
        _bytes = SplitMix64.For(seed, sensorId, "fault-bytes");
    }

    /// <summary>Sets the share of frames, 0 to 1, that a fault strikes from now on.</summary>
    public void Set(FaultKind kind, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        Volatile.Write(ref _rates[(int)kind], rate);
    }

    /// <summary>How many frames a fault has struck.</summary>
    public long Struck(FaultKind kind) => Interlocked.Read(ref _struck[(int)kind]);

    /// <summary>Draws for the next frame: the faults that strike it.</summary>
    public IReadOnlySet<FaultKind> Draw()
    {
        var strikes = new HashSet<FaultKind>();
        foreach (var kind in Kinds)
        {
            if (_chances[(int)kind].Fraction() < Volatile.Read(ref _rates[(int)kind]))
            {
                strikes.Add(kind);
                Interlocked.Increment(ref _struck[(int)kind]);
            }
        }

        return strikes;
    }

    /// <summary>Random bytes; every fourth time they begin like a PMS5003 frame, which a decoder must not wait for.</summary>
    public byte[] Garbage()
    {
        var garbage = new byte[1 + _bytes.Below(GarbageBytesMax)];
        for (var i = 0; i < garbage.Length; i++)
        {
            garbage[i] = (byte)_bytes.Next();
        }

        ReadOnlySpan<byte> lure = [0x42, 0x4D, 0x00, 0x1C];
        if (_bytes.Below(4) == 0)
        {
            lure[..Math.Min(lure.Length, garbage.Length)].CopyTo(garbage);
        }

        return garbage;
    }

    /// <summary>A copy of a frame with one bit flipped: any 16 bit sum or CRC notices that.</summary>
    public byte[] Spoil(ReadOnlySpan<byte> frame)
    {
        var spoiled = frame.ToArray();
        var first = Math.Min(HeaderBytes, frame.Length - 1);
        spoiled[first + _bytes.Below(frame.Length - first)] ^= (byte)(1 << _bytes.Below(8));
        return spoiled;
    }

    /// <summary>After how many bytes a frame of <paramref name="length"/> bytes (at least 2) is split.</summary>
    public int Cut(int length) => 1 + _bytes.Below(length - 1);
}
