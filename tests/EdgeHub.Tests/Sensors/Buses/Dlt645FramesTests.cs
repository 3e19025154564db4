using CsCheck;
using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors.Buses;

public sealed class Dlt645FramesTests
{
    const uint Energy = 0x00010000;

    // Published frames, recomputed by an independent script (the voltages were published with their address left out: here under this one); the last two were made by it alone.
    const string AskCombined = "68032012222065681104333333338D16";
    const string AnswerZero = "6803201222206568910833333333333333" + "33DD16";
    const string AnswerVoltages = "68032012222065" + "68910A3332343533333333C756FE16";
    const string AnswerEnergy = "6803201222206568910833333433AB896745F216";
    const string AnswerRefused = "6803201222206568D10135B316";

    static readonly byte[] Address = Convert.FromHexString("032012222065");

    [Fact]
    public void A_question_is_the_golden_frame_behind_its_preamble() =>
        Assert.Equal("FEFEFEFE" + AskCombined, Convert.ToHexString(Dlt645Frames.Read(Address, 0)));

    [Fact]
    public void The_question_for_an_address_goes_to_every_meter() =>
        Assert.Equal("FEFEFEFE68AAAAAAAAAAAA681300DF16", Convert.ToHexString(Dlt645Frames.ReadAddress()));

    [Fact]
    public void The_question_for_what_follows_carries_its_number() =>
        Assert.Equal("FEFEFEFE680320122220656812053333343334C416", Convert.ToHexString(Dlt645Frames.ReadFollowing(Address, Energy, 1)));

    [Theory]
    [InlineData(0x00000000u, AnswerZero, AnswerKind.Answered, "00000000")]
    [InlineData(0x0201FF00u, AnswerVoltages, AnswerKind.Answered, "000000009423")]
    [InlineData(Energy, AnswerEnergy, AnswerKind.Answered, "78563412")]
    [InlineData(Energy, "FEFEFE" + AnswerEnergy, AnswerKind.Answered, "78563412")]
    [InlineData(Energy, AskCombined + "0068" + AnswerEnergy, AnswerKind.Answered, "78563412")]
    [InlineData(Energy, AnswerRefused, AnswerKind.Refused, "02")]
    [InlineData(Energy, AnswerZero, AnswerKind.Unchecked, "")] // Another identifier.
    [InlineData(Energy, "6804201222206568910833333433AB896745F316", AnswerKind.Unchecked, "")] // Another meter.
    [InlineData(Energy, "6803201222206568910833333433AB896745F316", AnswerKind.Unchecked, "")] // A wrong sum.
    [InlineData(Energy, "6803201222206568910833333433AB896745F217", AnswerKind.Unchecked, "")] // A wrong end.
    [InlineData(Energy, "6803201222206568910833333433AB", AnswerKind.NeedMore, "")]
    [InlineData(Energy, "", AnswerKind.NeedMore, "")]
    public void An_answer_is_found_by_meter_code_identifier_and_sum(uint dataId, string hex, AnswerKind expected, string data)
    {
        Assert.Equal(expected, Dlt645Frames.Find(Convert.FromHexString(hex), Dlt645Frames.Read(Address, dataId), out var answer));
        Assert.Equal(data, Convert.ToHexString(answer.Data.Span));
        Assert.False(answer.HasMore);
    }

    [Fact]
    public void A_meter_alone_on_its_line_tells_its_address()
    {
        Assert.Equal(AnswerKind.Answered, Dlt645Frames.Find(Convert.FromHexString("680320122220656893063653455553985316"), Dlt645Frames.ReadAddress(), out var answer));
        Assert.Equal("652022122003", Bcd.Format(answer.Address.Span));
    }

    [Fact]
    public void What_follows_is_told_from_what_is_whole()
    {
        Assert.Equal(AnswerKind.Answered, Dlt645Frames.Find(Convert.FromHexString("6803201222206568B10633333433AB896416"), Dlt645Frames.Read(Address, Energy), out var first));
        Assert.True(first.HasMore);
        Assert.Equal("7856", Convert.ToHexString(first.Data.Span));
        Assert.Equal(AnswerKind.Answered, Dlt645Frames.Find(Convert.FromHexString("6803201222206568920733333433674534F216"), Dlt645Frames.ReadFollowing(Address, Energy, 1), out var second));
        Assert.False(second.HasMore);
        Assert.Equal("3412", Convert.ToHexString(second.Data.Span));
        Assert.Equal(AnswerKind.Unchecked, Dlt645Frames.Find(Convert.FromHexString("6803201222206568920733333433674534F216"), Dlt645Frames.ReadFollowing(Address, Energy, 2), out _));
    }

    // 14 to 1C write, clear, freeze and switch: whatever is asked through the public door, the control code is one that reads.
    [Fact]
    public void No_frame_that_can_be_built_writes_to_a_meter()
    {
        byte[] reading = [0x11, 0x12, 0x13];
        Gen.Select(Gen.Byte.Array[6], Gen.UInt, Gen.Byte).Sample((address, dataId, sequence) =>
            new[] { Dlt645Frames.Read(address, dataId), Dlt645Frames.ReadFollowing(address, dataId, sequence), Dlt645Frames.ReadAddress() }.All(frame => reading.Contains(frame[12])));
        var builders = typeof(Dlt645Frames).GetMethods().Where(method => method.ReturnType == typeof(byte[])).Select(method => method.Name);
        Assert.Equal(["Read", "ReadAddress", "ReadFollowing"], builders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Any_change_of_one_byte_of_an_answer_is_never_an_answer() =>
        Gen.Select(Gen.Int[0, 19], Gen.Int[1, 255]).Sample((at, change) =>
        {
            var bytes = Convert.FromHexString(AnswerEnergy);
            bytes[at] ^= (byte)change;
            return Dlt645Frames.Find(bytes, Dlt645Frames.Read(Address, Energy), out _) != AnswerKind.Answered;
        });

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_yield_an_answer_only_where_a_checked_one_stands() =>
        Soup.Of(AnswerEnergy, AnswerZero, AnswerVoltages, AnswerRefused, AskCombined).Sample(bytes =>
        {
            var kind = Dlt645Frames.Find(bytes, Dlt645Frames.Read(Address, Energy), out var answer);
            return kind != AnswerKind.Answered || HoldsAnswer(bytes, answer.Data.ToArray());
        }, iter: DecoderCases.Count);

    [Theory]
    [InlineData("power", "342180", -0.2134)]
    [InlineData("voltage", "9423", 239.4)]
    [InlineData("current", "341200", 1.234)]
    [InlineData("frequency", "9849", 49.98)]
    [InlineData("power_factor", "9909", 0.999)]
    public void A_value_has_the_digits_of_its_identifier(string quantity, string hex, double expected)
    {
        var field = Dlt645Meters.Kinds["single-phase"].SelectMany(item => item.Fields).Single(field => field.Quantity == quantity);
        Assert.Equal((expected, Quality.Good), field.Read(Convert.FromHexString(hex)));
    }

    [Fact]
    public void What_a_meter_does_not_have_is_no_data()
    {
        var voltage = Dlt645Meters.Kinds["single-phase"][1].Fields[0];
        Assert.Equal(Quality.BadNoData, voltage.Read([0xFF, 0xFF]).Quality);
        Assert.Equal(Quality.BadNoData, voltage.Read([0x94]).Quality);
    }

    // The judge builds the frame by itself, from the standard.
    static bool HoldsAnswer(byte[] bytes, byte[] data)
    {
        byte[] body = [0x68, .. Address, 0x68, 0x91, (byte)(4 + data.Length), 0x33, 0x33, 0x34, 0x33, .. data.Select(b => (byte)(b + 0x33))];
        byte[] more = [.. body];
        more[8] = 0xB1;
        return new[] { body, more }.Any(frame => bytes.AsSpan().IndexOf((byte[])[.. frame, (byte)frame.Sum(b => b), 0x16]) >= 0);
    }
}
