using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Edge.Finding;

/// <summary>The configuration that a scan would use.</summary>
sealed record FoundConfig([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FoundGateway? Gateway, IReadOnlyList<SensorEntry> Sensors)
{
    /// <param name="gateway">The box's id where it has none of its own.</param>
    public static FoundConfig Of(IEnumerable<Found> found, string? gateway)
    {
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        var sensors = new List<SensorEntry>();
        foreach (var one in found)
            if (one.Sensor is { } sensor)
            {
                var count = taken[sensor.Id] = taken.GetValueOrDefault(sensor.Id) + 1;
                sensors.Add(count == 1 ? sensor : sensor with { Id = $"{sensor.Id}-{count}" });
            }

        return new FoundConfig(gateway is null ? null : new FoundGateway(gateway), sensors);
    }

    /// <summary>Writes a new file; one that exists is never written over.</summary>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public async Task WriteAsync(string path, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(this, FindingJson.Default.FoundConfig), stop);
        await file.WriteAsync("\n"u8.ToArray(), stop);
    }
}

/// <summary>Who the box is.</summary>
sealed record FoundGateway(string Id);
