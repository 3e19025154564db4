namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>Packed decimal digits, two a byte, the low byte first, as DL/T 645 and CJ/T 188 send every number. Pure and total.</summary>
public static class Bcd
{
    /// <summary>Bytes of the longest number here: twelve digits.</summary>
    public const int BytesMax = 6;

    const byte SignBit = 0x80;

    /// <summary>The number, or null when a digit is none, or there are no bytes or too many.</summary>
    /// <param name="decimals">Digits behind the point.</param>
    /// <param name="hasSign">Whether the highest bit of the highest byte is a minus.</param>
    public static decimal? Read(ReadOnlySpan<byte> lowFirst, int decimals, bool hasSign)
    {
        if (lowFirst.Length is 0 or > BytesMax)
            return null;
        long number = 0;
        var negative = false;
        for (var i = lowFirst.Length - 1; i >= 0; i--)
        {
            var digits = lowFirst[i];
            if (hasSign && i == lowFirst.Length - 1)
            {
                negative = (digits & SignBit) != 0;
                digits &= SignBit - 1;
            }

            if (digits >> 4 > 9 || (digits & 0xF) > 9)
                return null;
            number = (number * 100) + (((digits >> 4) * 10) + (digits & 0xF));
        }

        return new decimal((int)number, (int)(number >> 32), 0, negative && number != 0, (byte)decimals);
    }

    /// <summary>The digits of a text as bytes, the last two first; null when it is not made of <paramref name="bytes"/> × 2 digits.</summary>
    public static byte[]? Parse(string digits, int bytes)
    {
        ArgumentNullException.ThrowIfNull(digits);
        if (digits.Length != bytes * 2 || !digits.All(char.IsAsciiDigit))
            return null;
        var packed = Convert.FromHexString(digits);
        Array.Reverse(packed);
        return packed;
    }

    /// <summary>Bytes as a text of digits, the highest first.</summary>
    public static string Format(ReadOnlySpan<byte> lowFirst)
    {
        var packed = lowFirst.ToArray();
        Array.Reverse(packed);
        return Convert.ToHexString(packed);
    }
}
