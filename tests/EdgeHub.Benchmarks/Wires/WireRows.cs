using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Benchmarks.Wires;

/// <summary>The codec alone: readings to the bytes of a record and back, 120 readings of 20 streams a block.</summary>
static class WireRows
{
    const int ReadingsPerBlock = 120;
    const int BlockCount = 500;
    const int PassesPerRound = 40;

    public static readonly string[] Names = ["wire.encode_us_per_reading", "wire.decode_us_per_reading", "wire.bytes_per_reading"];

    public static IReadOnlyList<Row> Measure(Effort effort)
    {
        var blocks = SampleReadings.Blocks(BlockCount, ReadingsPerBlock);
        var encoded = Encode(blocks);
        for (var i = 0; i < 10; i++)
            Decode(Encode(blocks));
        var passes = effort.Of(PassesPerRound);
        var readings = (double)passes * BlockCount * ReadingsPerBlock;
        var encode = Rounds(effort, passes, () => Encode(blocks)) / readings;
        var decode = Rounds(effort, passes, () => Decode(encoded)) / readings;
        var bytes = encoded.Sum(record => (double)record.Length) / (BlockCount * ReadingsPerBlock);
        return
        [
            new Row(Names[0], encode, "us CPU", null, "", $"{ReadingsPerBlock} readings of {SampleReadings.Streams} streams a block, to bytes"),
            new Row(Names[1], decode, "us CPU", null, "", "bytes to readings, every check included"),
            new Row(Names[2], bytes, "bytes", null, "≤ 4", "before zstd"),
        ];
    }

    static double Rounds(Effort effort, int passes, Action pass) => Benchmarks.Measure.Median(Enumerable.Range(0, effort.Rounds).Select(_ => Benchmarks.Measure.Cpu(() =>
    {
        for (var i = 0; i < passes; i++)
            pass();
    }).TotalMicroseconds));

    static byte[][] Encode(Reading[][] blocks)
    {
        var encoder = new BlockEncoder();
        ulong sequence = 1;
        var records = new byte[blocks.Length][];
        for (var i = 0; i < blocks.Length; i++)
        {
            records[i] = new Record { Block = encoder.Encode(blocks[i], SampleReadings.Streams, sequence, 1, SampleReadings.Clock) }.ToByteArray();
            sequence += (ulong)blocks[i].Length;
        }

        return records;
    }

    static void Decode(byte[][] records)
    {
        var readings = new List<Reading>(ReadingsPerBlock);
        foreach (var bytes in records)
        {
            readings.Clear();
            if (RecordCodec.TryDecode(bytes, out var reason) is not { } record || !BlockDecoder.TryDecode(record.Block, readings, out reason))
                throw new InvalidOperationException($"What was encoded does not decode: {reason}");
        }
    }
}
