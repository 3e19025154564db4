using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Wire;

/// <summary>
/// What a box says of itself, retained on its status topic: on connect, each minute, and as last will.
/// The bridge reads <see cref="Spools"/> to find what the box calls acked and the store does not have.
/// </summary>
/// <param name="State">One sentence: ok, or what to do.</param>
/// <param name="Parts">Health by part: <c>spool</c>, <c>uplink</c>, <c>clock</c>, <c>sensor/pms1</c>, … with one word or sentence each.</param>
public sealed record GatewayStatus(
    string Gateway,
    bool Online,
    string Version,
    string Boot,
    long UnixTimeMs,
    string State,
    IReadOnlyDictionary<string, string> Parts,
    IReadOnlyList<SpoolStatus> Spools)
{
    /// <summary>What of the recorded still waits and how long it will; null from a box that does not say.</summary>
    public BacklogStatus? Backlog { get; init; }

    /// <summary>The last will: the broker says it when the box can no longer.</summary>
    public static GatewayStatus Offline(string gateway, string version, string boot) =>
        new(gateway, false, version, boot, 0, "offline", new Dictionary<string, string>(), []);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new StatusJson(1, Gateway, Online ? "online" : "offline", Version, Boot, UnixTimeMs, State, new SortedDictionary<string, string>(Parts.ToDictionary(), StringComparer.Ordinal), [.. Spools.Select(spool => spool.ToJson())]) { Backlog = Backlog },
        WireJson.Default.StatusJson);

    public static GatewayStatus? TryParse(ReadOnlySpan<byte> json, out string reason)
    {
        if (WireJson.TryRead(json, WireJson.Default.StatusJson, out reason) is not { } raw)
            return null;
        if (raw.V != 1)
            reason = $"status version {raw.V} is not known here";
        else if (!Identifiers.IsId(raw.Gateway))
            reason = "the status names no gateway";
        else if (raw.Spools is { Length: > WireLimits.RangesPerMessageMax })
            reason = "the status names too many spools";
        else
        {
            var spools = new List<SpoolStatus>();
            foreach (var spool in raw.Spools ?? [])
                if (SpoolStatus.TryRead(spool) is { } read)
                    spools.Add(read);
                else
                {
                    reason = "a spool of the status is malformed";
                    return null;
                }

            return new GatewayStatus(raw.Gateway!, raw.Status == "online", raw.Version ?? "", raw.Boot ?? "", raw.Time, raw.State ?? "", raw.Parts ?? [], spools) { Backlog = raw.Backlog };
        }

        return null;
    }
}

/// <summary>How far a box is behind.</summary>
/// <param name="Records">Old records that wait: recorded before the present connection, or sent in vain.</param>
/// <param name="OldestMs">Age of the oldest waiting record, live ones included; null when none waits.</param>
/// <param name="EtaMs">Until the old ones are gone at the present rate; null while nothing of them moves.</param>
public sealed record BacklogStatus(
    [property: JsonPropertyName("records")] long Records,
    [property: JsonPropertyName("oldestMs")] long? OldestMs,
    [property: JsonPropertyName("etaMs")] long? EtaMs);

/// <summary>One spool in a status: its last number, what is acked, and what still waits.</summary>
public sealed record SpoolStatus(SpoolId Spool, Proto.SpoolClass Class, ulong Head, IReadOnlyList<NumberRange> Acked, IReadOnlyList<NumberRange> Waiting)
{
    internal SpoolJson ToJson() => new(Spool.ToString(), (int)Class, Head, Ranges.Pairs(Acked), Ranges.Pairs(Waiting));

    internal static SpoolStatus? TryRead(SpoolJson? json) =>
        json is not null && SpoolId.TryParse(json.Spool, out var id) & Ranges.TryRead(json.Acked, out var acked) & Ranges.TryRead(json.Waiting, out var waiting)
            ? new SpoolStatus(id, (Proto.SpoolClass)json.Class, json.Head, acked, waiting)
            : null;
}

sealed record StatusJson(
    [property: JsonPropertyName("v")] int V,
    [property: JsonPropertyName("gateway")] string? Gateway,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("version")] string? Version,
    [property: JsonPropertyName("boot")] string? Boot,
    [property: JsonPropertyName("time")] long Time,
    [property: JsonPropertyName("state")] string? State,
    [property: JsonPropertyName("parts")] SortedDictionary<string, string>? Parts,
    [property: JsonPropertyName("spools")] SpoolJson[]? Spools)
{
    [JsonPropertyName("backlog")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BacklogStatus? Backlog { get; init; }
}

sealed record SpoolJson(
    [property: JsonPropertyName("spool")] string? Spool,
    [property: JsonPropertyName("class")] int Class,
    [property: JsonPropertyName("head")] ulong Head,
    [property: JsonPropertyName("acked")] ulong[][]? Acked,
    [property: JsonPropertyName("waiting")] ulong[][]? Waiting);
