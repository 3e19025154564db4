namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>The one catalog in the words of others.</summary>
public enum CatalogFormat
{
    /// <summary>Home Assistant's MQTT discovery.</summary>
    Ha,

    /// <summary>W3C Web of Things Thing Descriptions.</summary>
    Wot,

    /// <summary>OGC SensorThings entities.</summary>
    Sensorthings,
}
