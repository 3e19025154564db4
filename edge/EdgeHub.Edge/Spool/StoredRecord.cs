using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>A record with what the spool keeps beside it.</summary>
/// <param name="ChainBefore">c(number - 1).</param>
readonly record struct StoredRecord(ulong Number, RecordHash ChainBefore, uint Readings, ReadOnlyMemory<byte> Bytes);
