using System.Text.Json.Nodes;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>OGC SensorThings 1.1 entities for a deep insert: one Thing a gateway, its Datastreams with Sensor and ObservedProperty inside.</summary>
static class SensorThings
{
    const string Measurement = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";

    public static JsonArray Of(IEnumerable<CatalogEntry> streams) => [.. streams.GroupBy(stream => stream.Gateway).Select(gateway => new JsonObject
    {
        ["name"] = gateway.Key,
        ["description"] = $"EdgeHub gateway at {(gateway.First().Site.Length > 0 ? gateway.First().Site : "a place that it was not told")}",
        ["properties"] = new JsonObject { ["area"] = gateway.First().Area, ["site"] = gateway.First().Site },
        ["Datastreams"] = new JsonArray([.. gateway.Select(Datastream)]),
    })];

    static JsonObject Datastream(CatalogEntry stream) => new()
    {
        ["name"] = stream.Id,
        ["description"] = $"{stream.Name} by {stream.Sensor} of {stream.Gateway}",
        ["observationType"] = Measurement,
        ["unitOfMeasurement"] = new JsonObject { ["name"] = stream.Unit, ["symbol"] = stream.Unit, ["definition"] = $"http://unitsofmeasure.org/ucum#{stream.Unit}" },
        ["properties"] = new JsonObject { ["topic"] = stream.Topic, ["classification"] = stream.Classification, ["hj212"] = stream.Vocabulary?.Hj212 },
        ["Sensor"] = new JsonObject { ["name"] = $"{stream.Gateway}.{stream.Sensor}", ["description"] = stream.Model.Length > 0 ? stream.Model : stream.Sensor, ["encodingType"] = "text/plain", ["metadata"] = stream.Model },
        ["ObservedProperty"] = new JsonObject { ["name"] = stream.Quantity, ["definition"] = $"urn:edgehub:quantity:{stream.Quantity}", ["description"] = stream.Name },
    };
}
