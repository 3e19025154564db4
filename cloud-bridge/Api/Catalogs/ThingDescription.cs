using System.Text.Json.Nodes;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>W3C Web of Things Thing Description 1.1: one Thing a sensor, one property a stream, read over the query API.</summary>
static class ThingDescription
{
    public static JsonArray Of(IEnumerable<CatalogEntry> streams, Uri api) => [.. streams.GroupBy(stream => (stream.Gateway, stream.Sensor)).Select(sensor => new JsonObject
    {
        ["@context"] = Context(),
        ["id"] = $"urn:edgehub:{sensor.Key.Gateway}:{sensor.Key.Sensor}",
        ["title"] = $"{sensor.Key.Gateway} {sensor.Key.Sensor}",
        ["description"] = string.Join(", ", new[] { sensor.First().Model, sensor.First().Site, sensor.First().Area }.Where(text => text.Length > 0)),
        ["geo:long"] = sensor.First().Position?.Longitude,
        ["geo:lat"] = sensor.First().Position?.Latitude,
        ["geo:alt"] = sensor.First().Position?.Height,
        ["dct:rightsHolder"] = sensor.First().Owner,
        ["edgehub:grid"] = sensor.First().Grid,
        ["base"] = api.ToString(),
        ["securityDefinitions"] = new JsonObject { ["key"] = new JsonObject { ["scheme"] = "bearer", ["in"] = "header" } },
        ["security"] = "key",
        ["properties"] = new JsonObject(sensor.Select(stream => KeyValuePair.Create(stream.Quantity, (JsonNode?)Property(stream)))),
    }.WithoutNulls())];

    // TD 1.1, 7.1: what the recommendation has no word for comes from another vocabulary, named here.
    static JsonArray Context() => new("https://www.w3.org/2022/wot/td/v1.1", new JsonObject { ["geo"] = "http://www.w3.org/2003/01/geo/wgs84_pos#", ["dct"] = "http://purl.org/dc/terms/", ["edgehub"] = "urn:edgehub:term:" });

    static JsonObject Property(CatalogEntry stream) => new JsonObject
    {
        ["title"] = stream.Name,
        ["readOnly"] = true,
        ["edgehub:intervalMs"] = stream.Sampling?.IntervalMs,
        ["edgehub:onChange"] = stream.Sampling?.OnChange,
        ["edgehub:deadband"] = stream.Sampling?.Deadband,
        ["edgehub:heartbeatMs"] = stream.Sampling?.HeartbeatMs,
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["latest"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["time"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                    ["value"] = new JsonObject { ["type"] = "number", ["unit"] = stream.Unit, ["edgehub:accuracy"] = stream.Accuracy }.WithoutNulls(),
                    ["grade"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("good", "uncertain", "bad") },
                },
            },
        },
        ["forms"] = new JsonArray(new JsonObject { ["href"] = $"api/v1/streams/{stream.Id}", ["op"] = new JsonArray("readproperty"), ["contentType"] = "application/json" }),
    }.WithoutNulls();
}
