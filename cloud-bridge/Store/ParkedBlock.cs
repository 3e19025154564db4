namespace EdgeHub.CloudBridge.Store;

/// <summary>A parked block, decoded again, and the spool it belongs to.</summary>
sealed record ParkedBlock(SpoolRow Spool, DeliveredRecord Record);
