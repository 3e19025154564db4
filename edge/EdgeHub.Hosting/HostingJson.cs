using System.Text.Json.Serialization;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Hosting;

/// <summary>Source-generated JSON of the operators' pages; a reader skips fields that it does not know.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, MaxDepth = 16)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ReadinessReport))]
sealed partial class HostingJson : JsonSerializerContext;
