using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Uplink;

/// <summary>Source-generated JSON of what is published for people: the catalog and the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CatalogView))]
[JsonSerializable(typeof(UplinkEvent))]
sealed partial class UplinkJson : JsonSerializerContext;
