using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Envelope = EdgeHub.Wire.Envelope;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>One box's backlog as MQTT payloads, encoded beforehand: what is measured is the city side.</summary>
sealed class ReplayLoad
{
    public const int ReadingsPerBlock = 500;

    const int EnvelopeBytesMax = 64 << 10; // the Forwarder's default

    ReplayLoad(string gateway, SpoolId spool, int readings, ulong head, List<(byte[] Bytes, NumberRange Numbers)> payloads)
    {
        (Gateway, Spool, Readings, Head, Payloads) = (gateway, spool, readings, head, payloads);
    }

    public string Gateway { get; }

    public SpoolId Spool { get; }

    public int Readings { get; }

    /// <summary>Number of its last record.</summary>
    public ulong Head { get; }

    public IReadOnlyList<(byte[] Bytes, NumberRange Numbers)> Payloads { get; }

    /// <param name="envelopeBytesMax">0: each record travels alone.</param>
    public static ReplayLoad Of(int box, Reading[][] blocks, Lane lane = Lane.Backlog, int envelopeBytesMax = EnvelopeBytesMax)
    {
        var gateway = $"bench-{box}";
        var spool = new SpoolId(((UInt128)(uint)box << 64) + 7);
        var encoder = new BlockEncoder();
        using var codec = new EnvelopeCodec();
        var records = new List<ReadOnlyMemory<byte>> { new Record { Opening = new Opening { SpoolClass = SpoolClass.Normal, Writer = "bench" }, Catalog = SampleReadings.Catalog() }.ToByteArray() };
        ulong sequence = 1;
        foreach (var readings in blocks)
        {
            records.Add(new Record { Block = encoder.Encode(readings, SampleReadings.Streams, sequence, 1, SampleReadings.Clock) }.ToByteArray());
            sequence += (ulong)readings.Length;
        }

        var payloads = new List<(byte[] Bytes, NumberRange Numbers)>();
        var chain = RecordHash.Zero;
        for (var first = 0; first < records.Count;)
        {
            var bytes = 0;
            var next = first;
            while (next < records.Count && (next == first || bytes + records[next].Length <= envelopeBytesMax))
                bytes += records[next++].Length;
            var envelope = new Envelope(gateway, spool, SpoolClass.Normal, lane, (ulong)first + 1, records[first..next], chain);
            payloads.Add((codec.Encode(envelope), envelope.Numbers));
            chain = envelope.ChainAfter();
            first = next;
        }

        return new ReplayLoad(gateway, spool, blocks.Sum(block => block.Length), (ulong)records.Count, payloads);
    }

    /// <summary>The backlogs of several boxes, <paramref name="readings"/> in all.</summary>
    public static ReplayLoad[] Fleet(int boxes, int readings)
    {
        var blocks = SampleReadings.Blocks(readings / ReadingsPerBlock, ReadingsPerBlock);
        return [.. Enumerable.Range(0, boxes).Select(box => Of(box, [.. blocks.Skip(box * blocks.Length / boxes).Take(blocks.Length / boxes)]))];
    }
}
