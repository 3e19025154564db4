using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Tests.Sensors.Buses;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusIdentificationTests
{
    // The example of Modbus Application Protocol V1.1b3, 6.21: "Company identification", "Product code XX", "V2.11".
    const string Objects = "0016" + "436F6D70616E79206964656E74696669636174696F6E" + "010F" + "50726F6475637420636F6465205858" + "0205" + "56322E3131";
    const string Whole = "2B0E01010000" + "03" + Objects;

    [Fact]
    public void A_slave_says_who_it_is()
    {
        var found = ModbusIdentification.Read(Convert.FromHexString(Whole), out var next);
        Assert.Null(next);
        Assert.Equal("Company identification/Product code XX/V2.11", ModbusIdentification.Fingerprint(found));
    }

    [Fact]
    public void What_follows_names_where_to_ask_on()
    {
        var found = ModbusIdentification.Read(Convert.FromHexString("2B0E0101FF0201" + "0003414243"), out var next);
        Assert.Equal((byte)2, next);
        Assert.Equal("ABC", found[0]);
    }

    [Fact]
    public void The_answer_is_found_among_bytes_by_its_own_length()
    {
        var frame = ModbusFrames.Wrap(7, Convert.FromHexString(Whole));
        Assert.Equal(ReplyStatus.Reply, ModbusFrames.Find([0xFF, 7, 0x2B, .. frame, 0x00], 7, ModbusIdentification.Ask(0), out var answer));
        Assert.Equal(Whole, Convert.ToHexString(answer));
        for (var length = 0; length < frame.Length; length++)
            Assert.NotEqual(ReplyStatus.Reply, ModbusFrames.Find(frame.AsSpan(0, length), 7, ModbusIdentification.Ask(0), out _));
    }

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_are_an_identity_or_none_and_never_an_exception() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Soup.Of(Whole)).Sample(bytes =>
        {
            var found = ModbusIdentification.Read(bytes, out _);
            ModbusFrames.Find(bytes, 7, ModbusIdentification.Ask(0), out _);
            return found.Count <= byte.MaxValue + 1;
        }, iter: DecoderCases.Count);
}
