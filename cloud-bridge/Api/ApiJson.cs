using System.Text.Json.Serialization;
using EdgeHub.CloudBridge.Api.Catalogs;
using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Source-generated JSON of every answer. What is null is left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<StreamInfo>))]
[JsonSerializable(typeof(Page<GatewayHealth>))]
[JsonSerializable(typeof(Page<GapInfo>))]
[JsonSerializable(typeof(Page<BooksInfo>))]
[JsonSerializable(typeof(Page<EventInfo>))]
[JsonSerializable(typeof(SeriesPage))]
[JsonSerializable(typeof(LiveReading))]
[JsonSerializable(typeof(Page<CatalogEntry>))]
[JsonSerializable(typeof(QuantityInfo[]))]
[JsonSerializable(typeof(IReadOnlyList<QuantityInfo>))]
[JsonSerializable(typeof(Problem))]
sealed partial class ApiJson : JsonSerializerContext;
