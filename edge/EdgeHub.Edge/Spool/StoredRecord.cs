using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>A record with what the spool keeps beside it.</summary>
/// <param name="ChainBefore">c(number - 1).</param>
/// <param name="ReadingsBefore">Readings of its spool before it: so a neighbour knows what a lost record held.</param>
/// <param name="Readings">In it; 0 unless it is a block.</param>
readonly record struct StoredRecord(ulong Number, RecordHash ChainBefore, ulong ReadingsBefore, uint Readings, ReadOnlyMemory<byte> Bytes)
{
    public ulong ReadingsAfter => ReadingsBefore + Readings;
}
