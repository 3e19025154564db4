using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary>
/// The ZE series. By itself: <c>FF gas unit decimals value value range range sum</c>. Asked (ZE08): <c>FF 86 ug/m3 … ppb ppb sum</c>.
/// The printed checksum formula of the ZE07 manual misnames a byte; the frames themselves agree with the negated sum of 1-7.
/// </summary>
public sealed class ZeFormat(ZeGas gas) : FrameFormat
{
    const byte ModeAnswer = 0x78;
    const int DecimalsMax = 3;

    public override int BytesMax => WinsenFrame.Bytes;

    public override int Length(ReadOnlySpan<byte> start) =>
        WinsenFrame.Length(start, ZeGas.Ze07Co.Code, ZeGas.Ze08Ch2O.Code, WinsenFrame.Answer, ModeAnswer);

    public override bool IsChecked(ReadOnlySpan<byte> frame) => WinsenFrame.IsChecked(frame);

    public override SensorFrame Parse(ReadOnlySpan<byte> frame)
    {
        if (frame[1] == ModeAnswer)
            return SensorFrame.Nothing;
        if (frame[1] == WinsenFrame.Answer)
            return new SensorFrame([new(0, BinaryPrimitives.ReadUInt16BigEndian(frame[6..]))]);
        if (frame[1] != gas.Code || frame[2] != gas.UnitCode || frame[3] > DecimalsMax)
            return new SensorFrame([], $"this sensor reports another gas or unit (gas {frame[1]:X2}, unit {frame[2]:X2}): put a {gas.Model} here or configure its own driver.");
        var value = BinaryPrimitives.ReadUInt16BigEndian(frame[4..]);
        var range = BinaryPrimitives.ReadUInt16BigEndian(frame[6..]);
        return new SensorFrame([new(0, value / Math.Pow(10, frame[3]), value > range ? Quality.BadOutOfRange : Quality.Good)]);
    }
}
