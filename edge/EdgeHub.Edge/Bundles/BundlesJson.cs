using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Bundles;

/// <summary>Source-generated JSON of what the daemon and the verbs beside it say to each other.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeskSpool[]))]
[JsonSerializable(typeof(DeskAnswer))]
sealed partial class BundlesJson : JsonSerializerContext;
