using System.Buffers.Binary;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>
/// The frames of a Plantower: <c>42 4D</c>, the length of what follows, 16-bit words high byte first, and the 16-bit sum of all
/// bytes before it. Source: Plantower, PMS5003 series data manual V2.3, appendix I. The answer to a command is a frame of its echo.
/// </summary>
public sealed class PlantowerFormat(PlantowerModel model) : FrameFormat
{
    const byte Start1 = 0x42;
    const byte Start2 = 0x4D;
    const int HeaderBytes = 4;
    const int SumBytes = 2;
    const byte CommandAnswer = 4;

    static readonly int[] LengthFields = [CommandAnswer, PlantowerModel.Pms3003.LengthField, PlantowerModel.Pms5003.LengthField, PlantowerModel.Pms5003St.LengthField];

    public override int BytesMax => HeaderBytes + PlantowerModel.Pms5003St.LengthField;

    public override int Length(ReadOnlySpan<byte> start)
    {
        if (start[0] != Start1 || (start.Length > 1 && start[1] != Start2) || (start.Length > 2 && start[2] != 0))
            return NoFrame;
        if (start.Length < HeaderBytes)
            return 0;
        return LengthFields.Contains(start[3]) ? HeaderBytes + start[3] : NoFrame;
    }

    public override bool IsChecked(ReadOnlySpan<byte> frame) =>
        Sums.Sum(frame[..^SumBytes]) == BinaryPrimitives.ReadUInt16BigEndian(frame[^SumBytes..]);

    public override SensorFrame Parse(ReadOnlySpan<byte> frame)
    {
        if (frame[3] == CommandAnswer)
            return SensorFrame.Nothing;
        if (frame[3] != model.LengthField)
            return new SensorFrame([], $"this is a Plantower of another model (its frames have another length): put a {model.Name} here or configure its own driver.");
        var error = model.StatusWord == 0 ? 0 : Word(frame, model.StatusWord) & 0xFF;
        var quality = error == 0 ? Quality.Good : Quality.BadDeviceFault;
        var values = new SensorValue[model.Words.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var (word, divisor, signed) = model.Words[i];
            var raw = Word(frame, word);
            values[i] = new SensorValue(i, (signed ? (short)raw : raw) / (double)divisor, quality);
        }

        return new SensorFrame(values, error == 0 ? null : $"the sensor reports its own fault {error:X2}: clean its inlet and fan, else replace it.");
    }

    static int Word(ReadOnlySpan<byte> frame, int number) => BinaryPrimitives.ReadUInt16BigEndian(frame[(HeaderBytes + ((number - 1) * 2))..]);
}
