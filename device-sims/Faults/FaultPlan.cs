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

    private readonly FaultSetting[] _settings = [.. Kinds.Select(_ => FaultSetting.Off)];
    private readonly long[] _struck = new long[Kinds.Length];
    private readonly SplitMix64[] _chances;
    private readonly SplitMix64 _bytes;

    /// <summary>A plan for <paramref name="sensorId"/> in which nothing goes wrong yet.</summary>
    public FaultPlan(string sensorId, ulong seed)
    {
        _chances = [.. Kinds.Select(kind => SplitMix64.For(seed, sensorId, $"fault-{kind}"))];
        _bytes = SplitMix64.For(seed, sensorId, "fault-bytes");
    }

    /// <summary>Sets the share of frames, 0 to 1, that a fault strikes from now on, with the amount and the quantity of the last setting.</summary>
    public void Set(FaultKind kind, double rate) => Set(kind, Setting(kind) with { Rate = rate });

    /// <summary>Sets how a fault strikes from now on.</summary>
    public void Set(FaultKind kind, FaultSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        ArgumentOutOfRangeException.ThrowIfNegative(setting.Rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(setting.Rate, 1);
        Volatile.Write(ref _settings[(int)kind], setting);
    }

    /// <summary>How a fault strikes now.</summary>
    public FaultSetting Setting(FaultKind kind) => Volatile.Read(ref _settings[(int)kind]);

    /// <summary>How many frames a fault has struck.</summary>
    public long Struck(FaultKind kind) => Interlocked.Read(ref _struck[(int)kind]);

    /// <summary>Draws for the next frame: the faults of frames that strike it. Those of values are drawn by each <see cref="Doubles.Signal"/>.</summary>
    public IReadOnlySet<FaultKind> Draw()
    {
        var strikes = new HashSet<FaultKind>();
        foreach (var kind in Kinds)
        {
            if (kind < FaultKind.Babble && Strikes(kind))
            {
                strikes.Add(kind);
            }
        }

        return strikes;
    }

    /// <summary>Draws one fault.</summary>
    internal bool Strikes(FaultKind kind)
    {
        var struck = _chances[(int)kind].Fraction() < Setting(kind).Rate;
        if (struck)
        {
            Count(kind);
        }

        return struck;
    }

    /// <summary>Counts a stroke.</summary>
    internal void Count(FaultKind kind) => Interlocked.Increment(ref _struck[(int)kind]);

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

    /// <summary>A copy of a frame with one bit flipped, wherever it is.</summary>
    public byte[] Flip(ReadOnlySpan<byte> frame)
    {
        var flipped = frame.ToArray();
        flipped[_bytes.Below(frame.Length)] ^= (byte)(1 << _bytes.Below(8));
        return flipped;
    }

    /// <summary>
    /// What a receiver at half the sender's speed makes of the bytes: of two bits it samples one, so each byte gives half a byte,
    /// and the rest of its frame is read as ones.
    /// </summary>
    public static byte[] HalfSpeed(ReadOnlySpan<byte> frame)
    {
        var seen = new byte[(frame.Length + 1) / 2];
        for (var i = 0; i < seen.Length; i++)
        {
            var sent = frame[2 * i];
            seen[i] = (byte)(0xE0 | (sent & 1) | ((sent >> 1) & 2) | ((sent >> 2) & 4) | ((sent >> 3) & 8));
        }

        return seen;
    }

    /// <summary>After how many bytes a frame of <paramref name="length"/> bytes (at least 2) is split.</summary>
    public int Cut(int length) => 1 + _bytes.Below(length - 1);
}
