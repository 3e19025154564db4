using System.Text.Json;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>The catalog as JSON for whoever subscribes; the truth travels in the spool.</summary>
sealed record CatalogView(int V, string Gateway, string Site, string Area, IReadOnlyList<StreamView> Streams)
{
    public static byte[] ToJson(string gateway, Catalog catalog) => JsonSerializer.SerializeToUtf8Bytes(
        new CatalogView(1, gateway, catalog.Site, catalog.Area, [.. catalog.Streams.Select(StreamView.Of)]),
        UplinkJson.Default.CatalogView);
}
