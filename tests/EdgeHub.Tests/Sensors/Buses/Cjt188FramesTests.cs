using CsCheck;
using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Cjt188;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors.Buses;

public sealed class Cjt188FramesTests
{
    // The question was published; the answers were made by an independent script, because the published one has a wrong sum.
    const string Told = "68104433221100337883030A8100DE16"; // Its address 78330011223344.
    const string Ask = "68104433221100337801031F90008016";
    const string Water = "68104433221100337881161F9000785634122C001200002C563412251126200400AD16";
    const string Heat = "682044332211003378812E1F90000010000005002000000850020000172051000035333322112C5065002543003456005634122511262000000B16";
    const string Refused = "681044332211003378C1030000019216";
    const string PublishedWithWrongSum = "08";

    static readonly byte[] Address = Convert.FromHexString("44332211003378");

    static byte[] Question => Cjt188Frames.Read(0x10, Address, lowFirst: true, serial: 0);

    [Fact]
    public void A_question_is_the_golden_frame_behind_its_preamble() => Assert.Equal("FEFEFE" + Ask, Convert.ToHexString(Question));

    [Fact]
    public void The_identifier_goes_out_high_byte_first_for_makers_of_that_mind() =>
        Assert.Equal("FEFEFE6810443322110033780103901F008016", Convert.ToHexString(Cjt188Frames.Read(0x10, Address, lowFirst: false, serial: 0)));

    [Theory]
    [InlineData(Water, AnswerKind.Answered)]
    [InlineData("FEFE68" + Water, AnswerKind.Answered)]
    [InlineData(Ask + Water, AnswerKind.Answered)]
    [InlineData(Refused, AnswerKind.Refused)]
    [InlineData("681144332211003378811" + "61F9000785634122C001200002C563412251126200400AE16", AnswerKind.Unchecked)] // Another type.
    [InlineData("68104433221100337881161F9000785634122C001200002C563412251126200400" + PublishedWithWrongSum + "16", AnswerKind.Unchecked)]
    [InlineData("6810443322", AnswerKind.NeedMore)]
    [InlineData("", AnswerKind.NeedMore)]
    public void An_answer_is_found_by_type_address_identifier_number_and_sum(string hex, AnswerKind expected) =>
        Assert.Equal(expected, Cjt188Frames.Find(Convert.FromHexString(hex), Question, out _));

    [Fact]
    public void The_answer_to_an_earlier_question_is_not_the_answer_to_this_one() =>
        Assert.Equal(AnswerKind.Unchecked, Cjt188Frames.Find(Convert.FromHexString(Water), Cjt188Frames.Read(0x10, Address, lowFirst: true, serial: 1), out _));

    [Fact]
    public void A_water_meter_tells_volumes_and_status() =>
        Assert.Equal([("volume", "m3", 123456.78), ("volume_settled", "m3", 12.0), ("status", "1", 4.0)], Values(Water, "cold-water", Question));

    [Fact]
    public void A_heat_meter_tells_everything_in_the_units_of_its_streams() =>
        Assert.Equal(
            [("heat_settled", "kW.h", 10), ("heat", "kW.h", 20000), ("power", "kW", 2.5), ("flow", "m3/h", 0.512), ("volume", "m3", 112233.33), ("supply_temperature", "Cel", 65.5), ("return_temperature", "Cel", 43.25), ("hours", "h", 5634), ("status", "1", 0)],
            Values(Heat, "heat", Cjt188Frames.Read(0x20, Address, lowFirst: true, serial: 0)));

    [Theory]
    [InlineData(0x2C, 1)]
    [InlineData(0x29, 0.001)]
    public void A_volume_is_in_cubic_metres_whatever_the_meter_counts_in(byte unit, double expected) =>
        Assert.Equal((expected, Quality.Good), Cjt188Kind.All["cold-water"].Read([0x00, 0x01, 0x00, 0x00, unit, 0, 0, 0, 0, 0x2C], 0));

    [Theory]
    [InlineData("000A00002C")] // No digit.
    [InlineData("0001000005")] // Kilowatt hours of water.
    [InlineData("00010000FF")] // No unit.
    [InlineData("000100")] // Too short.
    public void What_is_no_volume_is_no_data(string hex) => Assert.Equal(Quality.BadNoData, Cjt188Kind.All["cold-water"].Read(Convert.FromHexString(hex), 0).Quality);

    [Fact]
    public void Any_change_of_one_byte_of_an_answer_is_never_an_answer() =>
        Gen.Select(Gen.Int[0, 34], Gen.Int[1, 255]).Sample((at, change) =>
        {
            var bytes = Convert.FromHexString(Water);
            bytes[at] ^= (byte)change;
            return Cjt188Frames.Find(bytes, Question, out _) != AnswerKind.Answered;
        });

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_yield_an_answer_only_where_a_checked_one_stands() =>
        Gen.Select(Soup.Of(Water, Heat, Refused, Ask), Gen.Byte).Sample((bytes, serial) =>
        {
            var question = Cjt188Frames.Read(0x10, Address, lowFirst: true, serial: (byte)(serial & 1));
            var kind = Cjt188Frames.Find(bytes, question, out var data);
            if (kind != AnswerKind.Answered)
                return true;
            var found = HoldsAnswer(bytes, data.ToArray(), (byte)(serial & 1));
            foreach (var stream in Enumerable.Range(0, 3))
                found &= Cjt188Kind.All["cold-water"].Read(data, stream) is var (value, quality) && double.IsFinite(value) == quality.HasValue();
            return found;
        }, iter: DecoderCases.Count);

    [Trait("kind", "fuzz")]
    [Fact]
    public void An_address_is_taken_only_from_a_checked_answer_to_its_question() =>
        Gen.Select(Soup.Of(Told, Told.Replace("0A81", "810A", StringComparison.Ordinal), Water, Refused), Gen.Bool).Sample((bytes, isLowFirst) =>
        {
            var kind = Cjt188Frames.FindAddress(bytes, Cjt188Frames.ReadAddress(0x10, isLowFirst), out var address);
            byte[] frame = [0x68, 0x10, .. address, 0x83, 3, .. isLowFirst ? (byte[])[0x0A, 0x81] : [0x81, 0x0A], 0];
            return kind != AnswerKind.Answered || bytes.AsSpan().IndexOf((byte[])[.. frame, (byte)frame.Sum(b => b), 0x16]) >= 0;
        }, iter: DecoderCases.Count);

    [Fact]
    public void No_question_to_a_meter_writes_or_moves_a_valve()
    {
        Gen.Select(Gen.Byte, Gen.Byte.Array[7], Gen.Bool, Gen.Byte).Sample((type, address, isLowFirst, serial) =>
            Cjt188Frames.Read(type, address, isLowFirst, serial)[12] == 0x01 && Cjt188Frames.ReadAddress(type, isLowFirst)[12] == 0x03);
        Assert.Equal(["Read", "ReadAddress"], typeof(Cjt188Frames).GetMethods().Where(method => method.ReturnType == typeof(byte[])).Select(method => method.Name).Order(StringComparer.Ordinal));
    }

    static IEnumerable<(string, string, double)> Values(string hex, string kind, byte[] question)
    {
        Assert.Equal(AnswerKind.Answered, Cjt188Frames.Find(Convert.FromHexString(hex), question, out var data));
        var meter = Cjt188Kind.All[kind];
        Assert.Equal(meter.DataBytes, data.Length);
        var bytes = data.ToArray();
        return [.. meter.Streams.Select((stream, i) => (stream.Quantity, stream.Unit, meter.Read(bytes, i).Value))];
    }

    static bool HoldsAnswer(byte[] bytes, byte[] data, byte serial)
    {
        byte[] frame = [0x68, 0x10, .. Address, 0x81, (byte)(3 + data.Length), 0x1F, 0x90, serial, .. data];
        return bytes.AsSpan().IndexOf((byte[])[.. frame, (byte)frame.Sum(b => b), 0x16]) >= 0;
    }
}
