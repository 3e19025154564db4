namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Winsen's checksum (MH-Z19B user's manual V1.6): "invert the sum of bytes 1 to 7 and add 1".</summary>
static class WinsenSum
{
    public static byte Of(ReadOnlySpan<byte> frame)
    {
        byte sum = 0;
        for (var i = 1; i < 8; i++)
            sum += frame[i];
        return (byte)(~sum + 1);
    }

    /// <summary>Eight bytes and their checksum.</summary>
    public static byte[] Close(byte[] eight) => [.. eight, Of(eight)];
}
