using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Ledger;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>A parked block, decoded again, and the spool it belongs to.</summary>
sealed record ParkedBlock(SpoolRow Spool, DeliveredRecord Record);
