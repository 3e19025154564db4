using System.Text.Json;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>What the demo reads of the daemon's status.</summary>
/// <param name="Recorded">Readings recorded since the data directory was born, over all restarts.</param>
/// <param name="Waiting">Recorded readings that no ack has released.</param>
/// <param name="Tombstoned">Recorded readings that a tombstone stands for.</param>
sealed record EdgeView(string State, long Recorded, long Waiting, long Tombstoned, IReadOnlyList<StreamView> Streams)
{
    /// <summary>The uplink's state in one word, and which of them carries the records.</summary>
    public string Uplink { get; private init; } = "";

    public string ActiveUplink { get; private init; } = "";

    public string Spool { get; private init; } = "";

    /// <summary>What the box does on a line that it shares with another one: <c>active</c> or <c>listening</c>; empty without one.</summary>
    public string SharedLine { get; private init; } = "";

    /// <summary>How the two media are; empty when there is one.</summary>
    public string Mirror { get; private init; } = "";

    /// <summary>Whether the daemon records and forwards nothing, because its last starts made no progress.</summary>
    public bool IsRecordOnly => State.StartsWith("Recording only", StringComparison.Ordinal);

    public static EdgeView Read(JsonElement status)
    {
        var spool = status.GetProperty("spool");
        var streams = new List<StreamView>();
        foreach (var sensor in status.GetProperty("sensors").EnumerateArray())
            foreach (var stream in sensor.GetProperty("streams").EnumerateArray())
                streams.Add(new StreamView(
                    sensor.GetProperty("id").GetString()!,
                    stream.GetProperty("quantity").GetString()!,
                    stream.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null,
                    stream.GetProperty("unit").GetString()!,
                    stream.GetProperty("ageMs") is { ValueKind: JsonValueKind.Number } age ? age.GetInt64() : null));
        return new EdgeView(
            status.GetProperty("state").GetString()!,
            spool.GetProperty("recordedReadings").GetInt64(),
            spool.GetProperty("waitingReadings").GetInt64(),
            spool.GetProperty("tombstonedReadings").GetInt64(),
            streams)
        {
            Uplink = status.GetProperty("uplink").GetProperty("state").GetString()!,
            ActiveUplink = status.GetProperty("uplink").GetProperty("ways").EnumerateArray().FirstOrDefault(way => way.GetProperty("isActive").GetBoolean()) is { ValueKind: JsonValueKind.Object } active ? active.GetProperty("name").GetString()! : "",
            Spool = spool.GetProperty("state").GetString()!,
            Mirror = spool.TryGetProperty("mirror", out var mirror) ? mirror.GetString() ?? "" : "",
            SharedLine = status.TryGetProperty("lines", out var lines) && lines.ValueKind == JsonValueKind.Array && lines.GetArrayLength() > 0 ? lines[0].GetProperty("state").GetString()! : "",
        };
    }
}

/// <summary>The last value of one stream, and how old it is.</summary>
sealed record StreamView(string Sensor, string Quantity, double? Value, string Unit, long? AgeMs);
