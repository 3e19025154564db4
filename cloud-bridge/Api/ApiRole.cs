namespace EdgeHub.CloudBridge.Api;

/// <summary>What a key is for.</summary>
public enum ApiRole
{
    /// <summary>Readings, streams, catalog, gaps and the live feed.</summary>
    Reader,

    /// <summary>Also how the boxes are: their health, books and events, and the fleet page.</summary>
    Operator,
}
