using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary><c>FF 86 high low … sum</c>: carbon dioxide in ppm; <c>FF 79</c> answers the switch of self-calibration. Source: MH-Z19B user's manual V1.6.</summary>
public sealed class MhZ19Format : FrameFormat
{
    internal const byte SelfCalibration = 0x79;

    public override int BytesMax => WinsenFrame.Bytes;

    public override int Length(ReadOnlySpan<byte> start) => WinsenFrame.Length(start, WinsenFrame.Answer, SelfCalibration);

    public override bool IsChecked(ReadOnlySpan<byte> frame) => WinsenFrame.IsChecked(frame);

    public override SensorFrame Parse(ReadOnlySpan<byte> frame) =>
        frame[1] == SelfCalibration ? SensorFrame.Nothing : new SensorFrame([new(0, BinaryPrimitives.ReadUInt16BigEndian(frame[2..]))]);
}
