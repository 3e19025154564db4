using System.Text.Json.Serialization;
using EdgeHub.Edge.Spool.Accounting;

namespace EdgeHub.Edge.Bundles;

/// <summary>Source-generated JSON of what the daemon and the verbs beside it say to each other.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeskSpool[]))]
[JsonSerializable(typeof(DeskAnswer))]
[JsonSerializable(typeof(BoxBooks))]
sealed partial class BundlesJson : JsonSerializerContext;
