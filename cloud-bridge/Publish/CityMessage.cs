using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Publish;

/// <summary>The JSON of a city topic: one reading a person can read, with the identity that tells a repeat from a new one.</summary>
sealed record CityMessage(
    [property: JsonPropertyName("time")] string Time,
    [property: JsonPropertyName("value")] double? Value,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("quality")] int Quality,
    [property: JsonPropertyName("grade")] string Grade,
    [property: JsonPropertyName("flag")] string Flag,
    [property: JsonPropertyName("classification"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Classification,
    [property: JsonPropertyName("historical")] bool Historical,
    [property: JsonPropertyName("gateway")] string Gateway,
    [property: JsonPropertyName("spool")] string Spool,
    [property: JsonPropertyName("sequence")] long Sequence)
{
    public static byte[] Of(CityReading reading) => JsonSerializer.SerializeToUtf8Bytes(
        new CityMessage(
            DateTimeOffset.FromUnixTimeMilliseconds(reading.TimeMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            double.IsFinite(reading.Value) ? reading.Value : null,
            reading.Unit,
            (int)reading.Quality,
            reading.Quality.Grade(),
            reading.Quality.Hj212(),
            reading.Classification.Length > 0 ? reading.Classification : null,
            reading.Historical,
            reading.Gateway,
            reading.Spool.ToString(),
            reading.Sequence),
        PublishJson.Default.CityMessage);
}
