using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Ranging;

/// <summary>
/// <c>FF high low sum</c>: a distance in millimetres. The start byte occurs in the data too, so only the sum tells a frame.
/// Source: DFRobot SEN0311 (A02YYUW), UART output; blind below 30 mm, range to 4500 mm; FFFD and above: no echo.
/// </summary>
/// <param name="mountHeight">Height above the ground (or the empty tank's floor) in mm for a level, or null for the distance.</param>
public sealed class A02Format(double? mountHeight = null) : FrameFormat
{
    const byte Head = 0xFF;
    const int NoEchoFrom = 0xFFFD;

    internal const double DistanceMin = 30;
    internal const double DistanceMax = 4500;

    public override int BytesMax => 4;

    public override int Length(ReadOnlySpan<byte> start) => start[0] == Head ? BytesMax : NoFrame;

    public override bool IsChecked(ReadOnlySpan<byte> frame) => frame[3] == (byte)Sums.Sum(frame[..3]);

    public override SensorFrame Parse(ReadOnlySpan<byte> frame)
    {
        var distance = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        if (distance >= NoEchoFrom)
            return new SensorFrame([SensorValue.NoData(0)]);
        return new SensorFrame([new(0, mountHeight is { } height ? height - distance : distance, distance is >= (int)DistanceMin and <= (int)DistanceMax ? Quality.Good : Quality.BadOutOfRange)]);
    }
}
