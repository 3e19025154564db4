using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EdgeHub.Wire;

/// <summary>Source-generated JSON of the treaty; a reader takes fields it does not know as a newer writer's.</summary>
[JsonSourceGenerationOptions(MaxDepth = WireLimits.DepthMax, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AckJson))]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(ReceiptJson))]
sealed partial class WireJson : JsonSerializerContext
{
    public static T? TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, out string reason) where T : class
    {
        reason = "";
        if (json.Length > WireLimits.JsonBytesMax)
        {
            reason = $"{json.Length} bytes of JSON are more than the {WireLimits.JsonBytesMax} allowed";
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(json, type) is { } value)
                return value;
            reason = "the JSON is null";
        }
        catch (JsonException e)
        {
            reason = $"not valid JSON at byte {e.BytePositionInLine}";
        }

        return null;
    }
}
