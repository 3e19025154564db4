using System.Text.Json.Nodes;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>
/// OGC SensorThings 1.1 entities for a deep insert: one Thing a gateway, its Location and its Datastreams with Sensor and ObservedProperty
/// inside. A sensor that stands elsewhere is a Thing of its own, for a Thing has one place. No FeatureOfInterest: that is an Observation's,
/// and a server makes it of the Location.
/// </summary>
static class SensorThings
{
    const string Measurement = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";

    public static JsonArray Of(IEnumerable<CatalogEntry> streams) => [.. streams.GroupBy(stream => stream.StandsApart ? $"{stream.Gateway}.{stream.Sensor}" : stream.Gateway).Select(thing => Thing(thing.Key, [.. thing]))];

    static JsonObject Thing(string name, CatalogEntry[] streams)
    {
        // A stream that the box no longer describes says nothing of where the box stands.
        var first = streams.FirstOrDefault(stream => stream.Position is not null) ?? streams[0];
        return new JsonObject
        {
            ["name"] = name,
            ["description"] = $"EdgeHub {(first.StandsApart ? "sensor" : "gateway")} at {(first.Site.Length > 0 ? first.Site : "a place that it was not told")}",
            ["properties"] = new JsonObject { ["gateway"] = first.Gateway, ["area"] = first.Area, ["site"] = first.Site, ["owner"] = first.Owner, ["grid"] = first.Grid }.WithoutNulls(),
            ["Locations"] = first.Position is { } position ? new JsonArray(Location(name, first, position)) : null,
            ["Datastreams"] = new JsonArray([.. streams.Select(Datastream)]),
        }.WithoutNulls();
    }

    // GeoJSON (RFC 7946, 3.1.1): longitude, latitude, and height above the ellipsoid where there is one.
    static JsonObject Location(string name, CatalogEntry stream, PositionInfo position) => new()
    {
        ["name"] = name,
        ["description"] = stream.Site.Length > 0 ? stream.Site : name,
        ["encodingType"] = "application/geo+json",
        ["location"] = new JsonObject { ["type"] = "Point", ["coordinates"] = position.Height is { } height ? new JsonArray(position.Longitude, position.Latitude, height) : new JsonArray(position.Longitude, position.Latitude) },
    };

    static JsonObject Datastream(CatalogEntry stream) => new()
    {
        ["name"] = stream.Id,
        ["description"] = $"{stream.Name} by {stream.Sensor} of {stream.Gateway}",
        ["observationType"] = Measurement,
        ["unitOfMeasurement"] = new JsonObject { ["name"] = stream.Unit, ["symbol"] = stream.Unit, ["definition"] = $"http://unitsofmeasure.org/ucum#{stream.Unit}" },
        ["properties"] = new JsonObject
        {
            ["topic"] = stream.Topic,
            ["classification"] = stream.Classification,
            ["hj212"] = stream.Vocabulary?.Hj212,
            ["accuracy"] = stream.Accuracy,
            ["intervalMs"] = stream.Sampling?.IntervalMs,
            ["onChange"] = stream.Sampling?.OnChange,
            ["deadband"] = stream.Sampling?.Deadband,
            ["heartbeatMs"] = stream.Sampling?.HeartbeatMs,
        }.WithoutNulls(),
        ["Sensor"] = new JsonObject { ["name"] = $"{stream.Gateway}.{stream.Sensor}", ["description"] = stream.Model.Length > 0 ? stream.Model : stream.Sensor, ["encodingType"] = "text/plain", ["metadata"] = stream.Model },
        ["ObservedProperty"] = new JsonObject { ["name"] = stream.Quantity, ["definition"] = $"urn:edgehub:quantity:{stream.Quantity}", ["description"] = stream.Name },
    };
}
