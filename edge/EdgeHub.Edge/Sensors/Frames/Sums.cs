namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>The small checksums of serial instruments.</summary>
public static class Sums
{
    /// <summary>All bytes added.</summary>
    public static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var b in bytes)
            sum += b;
        return sum;
    }

    /// <summary>All bytes xor-ed.</summary>
    public static byte Xor(ReadOnlySpan<byte> bytes)
    {
        byte xor = 0;
        foreach (var b in bytes)
            xor ^= b;
        return xor;
    }

    /// <summary>The sum's low byte, negated: what makes the sum of all of them zero.</summary>
    public static byte Negated(ReadOnlySpan<byte> bytes) => (byte)-Sum(bytes);
}
