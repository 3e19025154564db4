using EdgeHub.Edge.Sensors.Cjt188;
using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding;

/// <summary>
/// All that a scan can send. Each is made by a factory below from the room of its protocol, where no writing function exists, so a
/// scan cannot change an instrument by construction.
/// </summary>
public sealed class ReadQuestion
{
    ReadQuestion(byte[] bytes, int answerBytes) => (Bytes, AnswerBytes) = (bytes, answerBytes);

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Bytes of the longest answer that is waited for in full.</summary>
    public int AnswerBytes { get; }

    /// <summary>Functions 1 to 4.</summary>
    public static ReadQuestion Registers(ModbusRequest request) => new(ModbusFrames.Request(request), ModbusFrames.Bytes(ModbusPdu.ExpectedBytes(ModbusPdu.Read(request))));

    /// <summary>Function 43, who are you.</summary>
    public static ReadQuestion Identification(byte slave, byte firstObject) => new(ModbusFrames.Wrap(slave, ModbusIdentification.Ask(firstObject)), ModbusFrames.Bytes(ModbusPdu.BytesMax));

    /// <summary>DL/T 645 code 13, what is your address.</summary>
    public static ReadQuestion MeterAddress() => new(Dlt645Frames.ReadAddress(), Dlt645Frames.AnswerBytes(Dlt645Frames.AddressBytes));

    /// <summary>CJ/T 188 code 03, what is your address.</summary>
    public static ReadQuestion WaterMeterAddress(byte type, bool isLowFirst) => new(Cjt188Frames.ReadAddress(type, isLowFirst), Cjt188Frames.AnswerBytes(0));

    /// <summary>DL/T 645 code 11.</summary>
    public static ReadQuestion MeterValue(ReadOnlySpan<byte> address, uint dataId) => new(Dlt645Frames.Read(address, dataId), Dlt645Frames.AnswerBytes(Dlt645Frames.DataBytesMax));
}
