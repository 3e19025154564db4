using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>Writes a part of the catalog in one of the formats.</summary>
public static class CatalogExport
{
    /// <summary>More than one document should hold; whoever has more asks area by area.</summary>
    public const int StreamsMax = 10_000;

    /// <returns>Null when there are more than <see cref="StreamsMax"/> streams.</returns>
    public static async Task<JsonArray?> ReadAsync(IStoreReader store, StreamFilter filter, CatalogFormat format, string cityPrefix, Uri api, CancellationToken cancellationToken)
    {
        var (streams, more) = await CatalogQuery.NowAsync(store, filter, null, StreamsMax, cancellationToken);
        if (more)
            return null;
        var entries = streams.Select(CatalogEntry.Of);
        return format switch
        {
            CatalogFormat.Ha => HomeAssistant.Of(entries, cityPrefix),
            CatalogFormat.Wot => ThingDescription.Of(entries, api),
            CatalogFormat.Sensorthings => SensorThings.Of(entries),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No format of the catalog."),
        };
    }
}
