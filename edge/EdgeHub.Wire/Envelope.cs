using EdgeHub.Wire.Proto;

namespace EdgeHub.Wire;

/// <summary>Consecutive records of one spool, checked: as sent, or as it passed <see cref="EnvelopeCodec.TryDecode"/>.</summary>
/// <param name="Records">At least one; each exactly as recorded.</param>
/// <param name="ChainBefore">Chain value before the first of them.</param>
public sealed record Envelope(
    string Gateway,
    SpoolId Spool,
    SpoolClass Class,
    Lane Lane,
    ulong FirstNumber,
    IReadOnlyList<ReadOnlyMemory<byte>> Records,
    RecordHash ChainBefore)
{
    public NumberRange Numbers => new(FirstNumber, FirstNumber + (ulong)Records.Count - 1);

    /// <summary>Hash of each record, in order.</summary>
    public RecordHash[] Hashes() => [.. Records.Select(record => RecordHash.Of(record.Span))];

    /// <summary>The chain value after the last record.</summary>
    public RecordHash ChainAfter() => Hashes().Aggregate(ChainBefore, (chain, hash) => chain.Then(hash));
}
