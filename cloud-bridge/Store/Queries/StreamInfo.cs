namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>A stream as it is described now.</summary>
/// <param name="Id"><c>{gateway}.{sensor}.{quantity}</c>, for good.</param>
/// <param name="Topic">Below the city prefix.</param>
/// <param name="Latest">The newest value that came live; null when none has.</param>
public sealed record StreamInfo(
    string Id,
    string Gateway,
    string Sensor,
    string Quantity,
    string Unit,
    string Site,
    string Area,
    string Class,
    string Classification,
    string Model,
    string Topic,
    string FirstSeen,
    ReadingInfo? Latest);
