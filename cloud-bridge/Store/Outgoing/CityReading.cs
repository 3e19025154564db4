using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>One reading as the platform gets it, with the names that its row only points at.</summary>
/// <param name="Topic">Below the city prefix.</param>
/// <param name="Value">NaN when the quality has none.</param>
/// <param name="Retain">Nothing newer is known on this topic.</param>
/// <param name="UrgentKey">Position among the urgent readings; 0 for others.</param>
public sealed record CityReading(
    string Topic,
    long TimeMs,
    double Value,
    string Unit,
    Quality Quality,
    string Classification,
    bool Historical,
    string Gateway,
    SpoolId Spool,
    long Sequence,
    long Commit,
    bool Retain,
    long UrgentKey);
