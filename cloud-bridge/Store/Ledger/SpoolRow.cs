using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Ledger;

/// <summary>A spool as its row says: keys, greatest number delivered, and how much came.</summary>
public readonly record struct SpoolRow(long Gateway, int Key, SpoolClass Class, long Head, long Records, long Readings);
