using System.Text.Json.Serialization;

namespace EdgeHub.CloudBridge.Publish;

/// <summary>Source-generated JSON of what the platform gets.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(CityMessage))]
sealed partial class PublishJson : JsonSerializerContext;
