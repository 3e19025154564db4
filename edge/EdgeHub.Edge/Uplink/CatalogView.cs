using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>The catalog as JSON for whoever subscribes; the truth travels in the spool.</summary>
sealed record CatalogView(int V, string Gateway, string Site, string Area, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PositionView? Position, string Owner, string Grid, IReadOnlyList<StreamView> Streams)
{
    public static byte[] ToJson(string gateway, Catalog catalog) => JsonSerializer.SerializeToUtf8Bytes(
        new CatalogView(1, gateway, catalog.Site, catalog.Area, PositionView.Of(catalog.Position), catalog.Owner, catalog.Grid, [.. catalog.Streams.Select(StreamView.Of)]),
        UplinkJson.Default.CatalogView);
}
