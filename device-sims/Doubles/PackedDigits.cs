namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Decimal digits as meters send them: two a byte, the last two first.</summary>
static class PackedDigits
{
    /// <summary>What a field holds when the meter has no value for it: the byte of every one.</summary>
    const byte NoValue = 0xFF;

    /// <summary>The raw integer by which a signal says that.</summary>
    public const long NoData = -1_000_000_000_000;

    /// <summary>A raw integer; a negative one has the topmost bit set.</summary>
    public static byte[] Of(long raw, int bytes)
    {
        var packed = new byte[bytes];
        if (raw == NoData)
        {
            Array.Fill(packed, NoValue);
            return packed;
        }

        var rest = Math.Abs(raw);
        for (var i = 0; i < bytes; i++, rest /= 100)
            packed[i] = (byte)(((rest / 10 % 10) << 4) | (rest % 10));
        if (raw < 0)
            packed[^1] |= 0x80;
        return packed;
    }

    /// <summary>An address of so many digits, as written on a plate.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static byte[] Address(string? plate, int digits)
    {
        if (plate is null || plate.Length != digits || !plate.All(char.IsAsciiDigit))
            throw new FormatException($"'{plate}' is no address of such a meter; write its {digits} digits.");
        var packed = Convert.FromHexString(plate);
        Array.Reverse(packed);
        return packed;
    }

    /// <summary>The sum of bytes, modulo 256.</summary>
    public static byte Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var next in bytes)
            sum += next;
        return (byte)sum;
    }
}
