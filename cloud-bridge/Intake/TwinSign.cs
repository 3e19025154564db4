using EdgeHub.CloudBridge.Store.Kept;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Proof of a second live box under one gateway id.</summary>
/// <param name="IsNew">The first one: an event for people. Each later turn is told to the boxes alone, since only the one that is connected hears it.</param>
public readonly record struct TwinSign(StoreEvent Event, bool IsNew);
