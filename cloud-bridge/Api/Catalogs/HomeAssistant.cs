using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>MQTT discovery (home-assistant.io/integrations/mqtt): one retained message a stream, which reads its city topic.</summary>
static class HomeAssistant
{
    // A value is given up after so many silences and a minute: the way to the city takes some time.
    const long SilencesMissed = 3;
    const long ExpiryMinS = 60;

    // Home Assistant shows units as people write them, and refuses a device class whose unit it does not know.
    static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["Cel"] = "°C", ["ug/m3"] = "µg/m³", ["mg/m3"] = "mg/m³", ["[ppm]"] = "ppm", ["[ppb]"] = "ppb", ["kW.h"] = "kWh", ["deg"] = "°", ["uS/cm"] = "µS/cm",
    };

    /// <returns>An object with <c>topic</c> and <c>payload</c> for each stream.</returns>
    public static JsonArray Of(IEnumerable<CatalogEntry> streams, string cityPrefix) => [.. streams.Select(stream => new JsonObject
    {
        ["topic"] = $"homeassistant/sensor/{Id(stream)}/config",
        ["payload"] = Payload(stream, cityPrefix),
    })];

    static JsonObject Payload(CatalogEntry stream, string cityPrefix)
    {
        var payload = new JsonObject
        {
            ["name"] = stream.Name,
            ["unique_id"] = Id(stream),
            ["state_topic"] = $"{cityPrefix}/{stream.Topic}",
            ["value_template"] = "{{ value_json.value }}",
            ["json_attributes_topic"] = $"{cityPrefix}/{stream.Topic}",
            ["device"] = new JsonObject { ["identifiers"] = new JsonArray($"edgehub-{stream.Gateway}-{stream.Sensor}"), ["name"] = $"{stream.Gateway} {stream.Sensor}", ["model"] = stream.Model.Length > 0 ? stream.Model : stream.Sensor, ["suggested_area"] = stream.Site },
            ["origin"] = new JsonObject { ["name"] = "EdgeHub" },
        };
        // An entity with these attributes stands on the map. Numbers only: a template is a program, and no text of a box gets into one.
        if (stream.Position is { } place)
            payload["json_attributes_template"] = string.Create(CultureInfo.InvariantCulture, $"{{{{ dict(value_json, longitude={place.Longitude:R}, latitude={place.Latitude:R}) | tojson }}}}");
        if (stream.Sampling is { } sampling)
            payload["expire_after"] = (SilencesMissed * sampling.SilenceMs / 1000) + ExpiryMinS;
        // pH and pure numbers have no unit there.
        if (stream.Unit is not ("1" or "[pH]"))
            payload["unit_of_measurement"] = Units.GetValueOrDefault(stream.Unit, stream.Unit);
        if (stream is { UnitFits: true, Vocabulary: { } known })
        {
            payload["device_class"] = known.HomeAssistant;
            payload["state_class"] = known.StateClass;
        }

        return payload.WithoutNulls();
    }

    static string Id(CatalogEntry stream) => $"edgehub_{stream.Gateway}_{stream.Sensor}_{stream.Quantity}".Replace('-', '_');
}
