using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Nova;

/// <summary>
/// Ten bytes: <c>AA</c>, kind, six of data, the low byte of their sum, <c>AB</c>. Kind C0 is a measurement (PM2.5 and PM10 in
/// 0.1 ug/m3, low byte first, and the device's id), C5 the answer to a command.
/// Source: Nova Fitness, SDS011 laser dust sensor control protocol V1.3.
/// </summary>
public sealed class Sds011Format : FrameFormat
{
    const byte Head = 0xAA;
    const byte Measurement = 0xC0;
    const byte CommandAnswer = 0xC5;
    const byte Tail = 0xAB;

    public override int BytesMax => 10;

    public override int Length(ReadOnlySpan<byte> start)
    {
        if (start[0] != Head)
            return NoFrame;
        return start.Length < 2 ? 0 : start[1] is Measurement or CommandAnswer ? BytesMax : NoFrame;
    }

    public override bool IsChecked(ReadOnlySpan<byte> frame) => frame[9] == Tail && frame[8] == (byte)Sums.Sum(frame[2..8]);

    /// <summary>The device's id, two bytes as they come.</summary>
    public override string? Identity(ReadOnlySpan<byte> frame) => frame[1] == Measurement ? Convert.ToHexString(frame[6..8]) : null;

    public override SensorFrame Parse(ReadOnlySpan<byte> frame) => frame[1] == CommandAnswer ? SensorFrame.Nothing : new SensorFrame(
    [
        new(0, BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]) / 10.0),
        new(1, BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]) / 10.0),
    ]);
}
