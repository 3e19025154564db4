using System.Buffers.Binary;
using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Tests.Sensors.Buses;

namespace EdgeHub.Tests.Sensors;

public sealed class MbapFramesTests
{
    // Modbus Messaging on TCP/IP V1.0b, 3.1.2: transaction, protocol, length, unit, PDU.
    const string Answer = "15010000000701" + "03040292FF9B";

    static readonly byte[] Two = ModbusPdu.Read(new ModbusRequest(0, ModbusFunction.ReadHoldingRegisters, 0, 2));

    [Fact]
    public void A_question_carries_its_transaction_and_no_checksum() =>
        Assert.Equal("150100000006010300000002", Convert.ToHexString(MbapFrames.Wrap(0x1501, 1, Two)));

    [Theory]
    [InlineData(Answer, ReplyStatus.Reply)]
    [InlineData("15000000000701" + "03040292FF9B" + Answer, ReplyStatus.Reply)] // A late answer before it.
    [InlineData("150100000003018302", ReplyStatus.Exception)]
    [InlineData("1501000000070103040292FF", ReplyStatus.NeedMore)]
    [InlineData("", ReplyStatus.NeedMore)]
    [InlineData("15000000000701" + "03040292FF9B", ReplyStatus.NeedMore)]
    [InlineData("15010000000702" + "03040292FF9B", ReplyStatus.NeedMore)] // Another unit.
    [InlineData("15010001000701" + "03040292FF9B", ReplyStatus.Unchecked)] // Another protocol.
    [InlineData("15010000FFFF01" + "03040292FF9B", ReplyStatus.Unchecked)]
    [InlineData("15010000000501" + "03020292", ReplyStatus.Unchecked)] // Fewer registers than were asked for.
    [InlineData("0103040292FF9B5A3D", ReplyStatus.Unchecked)] // RTU through a converter.
    public void An_answer_is_found_by_its_transaction(string hex, ReplyStatus expected)
    {
        Assert.Equal(expected, MbapFrames.Find(Convert.FromHexString(hex), 0x1501, 1, Two, out var answer));
        Assert.Equal(expected switch { ReplyStatus.Reply => "03040292FF9B", ReplyStatus.Exception => "8302", _ => "" }, Convert.ToHexString(answer));
    }

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_yield_an_answer_only_where_one_with_this_transaction_stands() =>
        Gen.Select(Soup.Of(Answer, "150100000003018302", "15000000000701" + "03040292FF9B"), Gen.UShort[0x1500, 0x1502]).Sample((bytes, transaction) =>
        {
            var status = MbapFrames.Find(bytes, transaction, 1, Two, out var answer);
            if (status != ReplyStatus.Reply)
                return true;
            byte[] frame = [0, 0, 0, 0, 0, 7, 1, .. answer];
            BinaryPrimitives.WriteUInt16BigEndian(frame, transaction);
            return answer.Length == 6 && answer[1] == 4 && bytes.AsSpan().IndexOf(frame) >= 0;
        }, iter: DecoderCases.Count);
}
