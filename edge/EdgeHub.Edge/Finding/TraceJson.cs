using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Finding;

/// <summary>Source-generated JSON of a trace, one object a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TraceLine))]
sealed partial class TraceJson : JsonSerializerContext;
