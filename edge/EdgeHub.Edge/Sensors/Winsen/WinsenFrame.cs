using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary>What Winsen's frames have in common: nine bytes, <c>FF</c> first, the negated sum of bytes 1-7 last. Source: MH-Z19B user's manual V1.6; ZE08-CH2O manual V1.0.</summary>
static class WinsenFrame
{
    public const int Bytes = 9;
    public const byte Head = 0xFF;

    /// <summary>The kind of the answer to "read".</summary>
    public const byte Answer = 0x86;

    public static bool IsChecked(ReadOnlySpan<byte> frame) => frame[8] == Sums.Negated(frame[1..8]);

    public static int Length(ReadOnlySpan<byte> start, params ReadOnlySpan<byte> kinds)
    {
        if (start[0] != Head)
            return FrameFormat.NoFrame;
        return start.Length < 2 ? 0 : kinds.Contains(start[1]) ? Bytes : FrameFormat.NoFrame;
    }

    public static byte[] Command(byte code, byte data = 0)
    {
        byte[] command = [Head, 0x01, code, data, 0, 0, 0, 0, 0];
        command[8] = Sums.Negated(command.AsSpan(1, 7));
        return command;
    }
}
