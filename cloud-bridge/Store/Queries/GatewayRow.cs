namespace EdgeHub.CloudBridge.Store.Queries;

/// <param name="StoredMs">When records of it were last committed, and acked.</param>
/// <param name="NewestMs">Time of its newest reading that came live.</param>
/// <param name="LostRecords">Tombstones alone stand for them.</param>
/// <param name="MissingRecords">Behind them newer ones have come; they themselves have not.</param>
public sealed record GatewayRow(string Gateway, string Area, string Site, long? StoredMs, long? NewestMs, long Cuts, long CutsOpen, long CutsDiffering, long LostRecords, long MissingRecords);
