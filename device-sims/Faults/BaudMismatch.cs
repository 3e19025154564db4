namespace EdgeHub.DeviceSims.Faults;

/// <summary>What a receiver at one speed makes of bytes sent at another: it takes the first 0 for a start bit and samples the middles of its own bits. 8N1.</summary>
public static class BaudMismatch
{
    const int BitsPerByte = 10;

    public static byte[] Seen(ReadOnlySpan<byte> sent, int senderBaud, int receiverBaud)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(senderBaud);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(receiverBaud);
        var seen = new List<byte>();
        var step = (double)senderBaud / receiverBaud;
        var end = sent.Length * BitsPerByte;
        for (var at = 0.0; at < end;)
        {
            if (Level(sent, at))
            {
                at = Math.Floor(at) + 1;
                continue;
            }

            var value = 0;
            for (var bit = 0; bit < 8; bit++)
                value |= Level(sent, at + ((bit + 1.5) * step)) ? 1 << bit : 0;
            seen.Add((byte)value);
            at += (BitsPerByte - 0.5) * step;
        }

        return [.. seen];
    }

    // The line's level at a time counted in the sender's bits: start bit 0, data low bit first, stop bit and rest 1.
    static bool Level(ReadOnlySpan<byte> sent, double at)
    {
        var (index, bit) = Math.DivRem((int)at, BitsPerByte);
        return index >= sent.Length || bit == BitsPerByte - 1 || (bit > 0 && ((sent[index] >> (bit - 1)) & 1) == 1);
    }
}
