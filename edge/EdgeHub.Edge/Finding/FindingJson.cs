using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Finding;

/// <summary>Source-generated JSON of this room's answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DriverReport[]))]
[JsonSerializable(typeof(SensorLook[]))]
[JsonSerializable(typeof(RawLook[]))]
[JsonSerializable(typeof(Found[]))]
[JsonSerializable(typeof(FoundConfig))]
[JsonSerializable(typeof(Doctor.BusReport))]
sealed partial class FindingJson : JsonSerializerContext;
