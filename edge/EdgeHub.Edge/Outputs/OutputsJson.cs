using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Outputs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OutputAnswer))]
sealed partial class OutputsJson : JsonSerializerContext;
