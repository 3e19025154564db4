using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusFramesTests
{
    static readonly ModbusRequest Two = new(1, ModbusFunction.ReadHoldingRegisters, 0, 2);

    // Golden frames recomputed by an independent script.
    public static TheoryData<string, ReplyStatus> Replies => new()
    {
        { "0103040292FF9B5A3D", ReplyStatus.Reply },
        { "018302C0F1", ReplyStatus.Exception },
        { "0103040292FF9B5A", ReplyStatus.NeedMore },
        { "", ReplyStatus.NeedMore },
        { "00FF550103040292FF9B5A3D", ReplyStatus.Reply },
        { "010300000002C40B" + "0103040292FF9B5A3D", ReplyStatus.Reply },
        { "0103040293FF9B5A3D", ReplyStatus.Unchecked },
        { "0203040292FF9B5A3D", ReplyStatus.Unchecked },
        { "0104040292FF9B5A3D", ReplyStatus.Unchecked },
        { "018303C0F1", ReplyStatus.NeedMore },
    };

    [Fact]
    public void A_request_is_the_golden_frame() => Assert.Equal("010300000002C40B", Convert.ToHexString(ModbusFrames.Request(Two)));

    [Theory]
    [InlineData("010602000005", 0x4871)]
    [InlineData("0110000000020400010002", 0x23AE)]
    public void The_checksum_of_golden_frames_is_right_low_byte_first(string hex, int wire) =>
        Assert.Equal(wire, (ModbusCrc.Compute(Convert.FromHexString(hex)) & 0xFF) << 8 | ModbusCrc.Compute(Convert.FromHexString(hex)) >> 8);

    [Theory]
    [MemberData(nameof(Replies))]
    public void An_answer_is_found_by_slave_function_length_and_checksum(string hex, ReplyStatus expected)
    {
        Assert.Equal(expected, ModbusFrames.Find(Convert.FromHexString(hex), Two, out var payload, out var code));
        Assert.Equal(expected == ReplyStatus.Reply ? "0292FF9B" : "", Convert.ToHexString(payload));
        Assert.Equal(expected == ReplyStatus.Exception ? 2 : 0, code);
    }

    [Fact]
    public void Any_change_of_one_byte_of_an_answer_is_never_an_answer() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[1, 255]).Sample((at, change) =>
        {
            var bytes = Convert.FromHexString("0103040292FF9B5A3D");
            bytes[at] ^= (byte)change;
            return ModbusFrames.Find(bytes, Two, out _, out _) != ReplyStatus.Reply;
        });

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_yield_an_answer_only_where_a_checked_one_stands() =>
        Gen.Select(Soup, Gen.Int[1, 4]).Sample((bytes, count) =>
        {
            var request = Two with { Count = (ushort)count };
            var status = ModbusFrames.Find(bytes, request, out var payload, out _);
            return status != ReplyStatus.Reply || HoldsAnswer(bytes, request, payload.ToArray());
        }, iter: DecoderCases.Count);

    static Gen<byte[]> Soup => Gen.OneOf(
        Gen.Byte.Array[0, 12],
        Gen.OneOfConst("0103040292FF9B5A3D", "018302C0F1", "010300000002C40B", "0103040292FF9B", "01030400000000").Select(Convert.FromHexString),
        Gen.Select(Gen.Int[0, 8], Gen.Byte, (at, value) =>
        {
            var bytes = Convert.FromHexString("0103040292FF9B5A3D");
            bytes[at] = value;
            return bytes;
        })).Array[0, 6].Select(parts => parts.SelectMany(part => part).ToArray());

    static bool HoldsAnswer(byte[] bytes, ModbusRequest request, byte[] payload)
    {
        byte[] frame = [request.Slave, (byte)request.Function, (byte)payload.Length, .. payload];
        var crc = ModbusCrc.Compute(frame);
        return bytes.AsSpan().IndexOf([.. frame, (byte)crc, (byte)(crc >> 8)]) >= 0;
    }
}
