using CsCheck;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.Wire;

public sealed class BlockTests
{
    static readonly Gen<Reading> AnyReading = Gen.Select(
        Gen.Int[0, 9],
        Gen.Long[0, 1L << 45],
        Gen.OneOf(Gen.Double, Gen.Int[-1000, 1000].Select(i => i / 10.0), Gen.Float.Select(f => (double)f), Gen.OneOfConst(0.0, -0.0, double.MaxValue, double.Epsilon, double.PositiveInfinity, 1e15, 9007199254740993)),
        Gen.OneOfConst(Quality.Good, Quality.UncertainWarmUp, Quality.BadOutOfRange, Quality.BadNoData),
        Gen.OneOfConst(Origin.Active, Origin.Overheard),
        (stream, time, value, quality, origin) => new Reading(stream, time, quality.HasValue() ? value : double.NaN, quality, origin));

    [Fact]
    public void What_goes_into_a_block_comes_out_bit_for_bit() =>
        AnyReading.Array[1, 300].Sample(readings =>
        {
            var block = new BlockEncoder().Encode(readings, 10, 1, 1, Samples.Clock);
            var decoded = new List<Reading>();
            Assert.True(BlockDecoder.TryDecode(Block.Parser.ParseFrom(block.ToByteArray()), decoded, out var reason), reason);
            var expected = readings.Select((reading, i) => (reading, i)).OrderBy(pair => pair.reading.Stream).ThenBy(pair => pair.i).Select(pair => Bits(pair.reading));
            Assert.Equal(expected, decoded.Select(Bits));
        });

    [Fact]
    public void An_encoder_that_is_used_again_remembers_nothing()
    {
        var encoder = new BlockEncoder();
        var first = encoder.Encode(Samples.Community(), 20, 1, 1, Samples.Clock).ToByteArray();
        encoder.Encode(Samples.Mixed, 4, 1, 1, Samples.Clock);
        Assert.Equal(first, encoder.Encode(Samples.Community(), 20, 1, 1, Samples.Clock).ToByteArray());
    }

    [Fact]
    public void A_reading_costs_at_most_four_bytes_at_120_readings_of_20_streams()
    {
        var record = new Record { Block = new BlockEncoder().Encode(Samples.Community(), 20, 100_000, 1, Samples.Clock) };
        var bytes = record.CalculateSize() / 120.0;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:F2} bytes a reading");
        Assert.InRange(bytes, 1, 4);
    }

    [Fact]
    public void Hostile_columns_are_a_reason_and_never_an_exception()
    {
        var column = Gen.UInt[0, 300].Array[0, 12];
        var signed = Gen.Long.Array[0, 12];
        Gen.Select(column, column, Gen.Int[-20, 20].Array[0, 12], column, signed, signed, column, column).Sample((stream, count, exponent, same, time, mantissa, quality, origin) =>
        {
            var block = new Block { FirstSequence = 1, BootId = ByteString.CopyFrom(new byte[16]) };
            block.Stream.Add(stream);
            block.Count.Add(count);
            block.Exponent.Add(exponent);
            block.SameTime.Add(same);
            block.Time.Add(time);
            block.Mantissa.Add(mantissa);
            block.Quality.Add(quality);
            block.Origin.Add(origin);
            var decoded = new List<Reading>();
            var ok = BlockDecoder.TryDecode(block, decoded, out var reason);
            Assert.Equal(ok, reason.Length == 0);
            Assert.Equal(ok ? mantissa.Length : 0, decoded.Count);
        }, iter: 50_000);
    }

    [Fact]
    public void A_count_that_lies_about_billions_of_readings_allocates_nothing()
    {
        var block = new BlockEncoder().Encode(Samples.Mixed, 4, 1, 1, Samples.Clock);
        block.Count[0] = uint.MaxValue;
        Assert.False(BlockDecoder.TryDecode(block, new List<Reading>(), out var reason));
        Assert.Contains("series", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_origin_that_a_newer_box_may_know_is_refused_and_not_taken_for_active()
    {
        var block = new BlockEncoder().Encode(Samples.Stamped, 4, 1, 1, Samples.Clock);
        block.Origin[2] = 2;
        Assert.False(BlockDecoder.TryDecode(block, new List<Reading>(), out var reason));
        Assert.Contains("origin", reason, StringComparison.Ordinal);
    }

    static (int, long, long, Quality, Origin) Bits(Reading reading) =>
        (reading.Stream, reading.BootTimeMs, reading.Quality.HasValue() ? BitConverter.DoubleToInt64Bits(reading.Value) : 0, reading.Quality, reading.Origin);
}
