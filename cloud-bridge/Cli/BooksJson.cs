using System.Text.Json.Serialization;
using EdgeHub.CloudBridge.Store.Accounting;

namespace EdgeHub.CloudBridge.Cli;

/// <summary>Source-generated JSON of what <c>edgehub-bridge books --json</c> prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GatewayBooks[]))]
sealed partial class BooksJson : JsonSerializerContext;
