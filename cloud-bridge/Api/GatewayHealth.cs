using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Api;

/// <summary>How one box is: what it says of itself, and what the store has of it.</summary>
/// <param name="State"><c>online</c>; <c>silent</c>: it should have said something by now; <c>offline</c>: the broker has lost it; <c>unknown</c>: nothing was heard since the bridge started.</param>
/// <param name="Sentence">The box's own: ok, or what to do.</param>
/// <param name="Attention">Whether a person should look.</param>
/// <param name="SeenAt">When its last status was heard.</param>
/// <param name="StoredAt">When records of it were last stored, and acked.</param>
/// <param name="NewestAt">Time of its newest reading that came live.</param>
/// <param name="LagMs">How old that reading is.</param>
/// <param name="MissingRecords">Newer ones have come already.</param>
/// <param name="LostRecords">A tombstone alone stands for them; <c>/gaps</c> says why.</param>
/// <param name="Books"><c>balanced</c>, <c>open</c>, <c>differs</c> or <c>none</c>.</param>
public sealed record GatewayHealth(
    string Gateway,
    string Site,
    string Area,
    string State,
    string Sentence,
    bool Attention,
    string? Version,
    string? SeenAt,
    string? StoredAt,
    string? NewestAt,
    long? LagMs,
    BacklogInfo? Backlog,
    long MissingRecords,
    long LostRecords,
    string Books,
    IReadOnlyList<SensorHealth> Sensors)
{
    /// <summary>Three statuses that did not come.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(3);

    const string SensorPart = "sensor/";

    internal static GatewayHealth Of(GatewayRow row, (DateTimeOffset At, GatewayStatus Status)? heard, DateTimeOffset now)
    {
        var status = heard?.Status;
        var state = status is null ? "unknown" : !status.Online ? "offline" : now - heard!.Value.At > SilentAfter ? "silent" : "online";
        var books = BooksInfo.Word(row.Cuts, row.CutsOpen, row.CutsDiffering);
        SensorHealth[] sensors = [.. (status?.Parts ?? new Dictionary<string, string>()).Where(part => part.Key.StartsWith(SensorPart, StringComparison.Ordinal)).Select(part => new SensorHealth(part.Key[SensorPart.Length..], part.Value == "ok", part.Value)).OrderBy(sensor => sensor.Sensor, StringComparer.Ordinal)];
        return new GatewayHealth(
            row.Gateway,
            row.Site,
            row.Area,
            state,
            status?.State ?? "",
            state != "online" || books == "differs" || row.MissingRecords > 0 || Array.Exists(sensors, sensor => !sensor.Ok) || !status!.State.StartsWith("Ok", StringComparison.Ordinal),
            status?.Version,
            heard is { } at ? UtcText.Of(at.At.ToUnixTimeMilliseconds()) : null,
            row.StoredMs is { } stored ? UtcText.Of(stored) : null,
            row.NewestMs is { } newest ? UtcText.Of(newest) : null,
            row.NewestMs is { } newestMs ? Math.Max(0, now.ToUnixTimeMilliseconds() - newestMs) : null,
            status?.Backlog is { } backlog ? new BacklogInfo(backlog.Records, backlog.OldestMs, backlog.EtaMs) : null,
            row.MissingRecords,
            row.LostRecords,
            books,
            sensors);
    }
}

/// <summary>How far the box is behind, by its own word.</summary>
/// <param name="Records">Old records that wait on the box.</param>
/// <param name="OldestMs">Age of the oldest waiting record.</param>
/// <param name="EtaMs">Until the old ones are here at the present rate; null while nothing of them moves.</param>
public sealed record BacklogInfo(long Records, long? OldestMs, long? EtaMs);

/// <param name="State"><c>ok</c>, or what is wrong and what to do.</param>
public sealed record SensorHealth(string Sensor, bool Ok, string State);
