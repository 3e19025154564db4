using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Simulation;

/// <summary>A record that was announced.</summary>
sealed class KnownRecord(RecordHash hash, List<double> values, ulong firstSequence, Books? books)
{
    public RecordHash Hash => hash;

    /// <summary>Of its readings in order of sequence; none unless it is a block.</summary>
    public List<double> Values => values;

    public ulong FirstSequence => firstSequence;

    /// <summary>What it says was recorded of its own spool; null unless it does.</summary>
    public Books? Books => books;

    public bool IsStored { get; set; }

    public static KnownRecord Of(ReadOnlyMemory<byte> bytes)
    {
        var record = RecordCodec.TryDecode(bytes, out var reason) ?? throw new InvalidDataException($"A record that was announced is none: {reason}");
        var readings = new List<Reading>();
        if (record.Block is { } block && !BlockDecoder.TryDecode(block, readings, out reason))
            throw new InvalidDataException($"A block that was announced is none: {reason}");
        return new KnownRecord(RecordHash.Of(bytes.Span), readings.ConvertAll(reading => reading.Value), record.Block?.FirstSequence ?? 0, record.Books is { Spool.IsEmpty: true } books ? books : null);
    }
}
