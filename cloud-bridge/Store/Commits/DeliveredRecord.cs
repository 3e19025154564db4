using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>One record of an envelope whose chain was checked, decoded off the receiver's loop.</summary>
/// <param name="Chain">Chain value after this record.</param>
/// <param name="Content">Null when the bytes are no record; <paramref name="Fault"/> then says why.</param>
/// <param name="Readings">Readings of a block in order of sequence; null for other kinds.</param>
/// <param name="Fault">Why this record cannot become rows. It is kept raw, set aside, and acked.</param>
public sealed record DeliveredRecord(
    string Gateway,
    SpoolId Spool,
    SpoolClass Class,
    Lane Lane,
    ulong Number,
    ReadOnlyMemory<byte> Bytes,
    RecordHash Hash,
    RecordHash Chain,
    Record? Content,
    IReadOnlyList<Reading>? Readings,
    string? Fault)
{
    /// <summary>Decodes every record of <paramref name="envelope"/>; a record that cannot be decoded carries its fault.</summary>
    public static DeliveredRecord[] AllOf(Wire.Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var records = new DeliveredRecord[envelope.Records.Count];
        var chain = envelope.ChainBefore;
        for (var i = 0; i < records.Length; i++)
        {
            var hash = RecordHash.Of(envelope.Records[i].Span);
            chain = chain.Then(hash);
            records[i] = Decode(envelope.Gateway, envelope.Spool, envelope.Class, envelope.Lane, envelope.FirstNumber + (ulong)i, envelope.Records[i], hash, chain);
        }

        return records;
    }

    public static DeliveredRecord Decode(string gateway, SpoolId spool, SpoolClass spoolClass, Lane lane, ulong number, ReadOnlyMemory<byte> bytes, RecordHash hash, RecordHash chain)
    {
        var content = RecordCodec.TryDecode(bytes, out var fault);
        List<Reading>? readings = null;
        if (content?.Block is { } block)
        {
            readings = new List<Reading>(block.Mantissa.Count);
            if (!BlockDecoder.TryDecode(block, readings, out fault))
                content = null;
        }

        return new DeliveredRecord(gateway, spool, spoolClass, lane, number, bytes, hash, chain, content, readings, content is null ? fault : null);
    }
}
