using System.Text.Json;

namespace EdgeHub.Hosting.Status;

/// <summary>What the running daemon says of itself to the technician beside it: the answer of <c>edgehub status</c>.</summary>
/// <param name="State">One sentence: ok, or what to do.</param>
/// <param name="UptimeMs">Milliseconds since the daemon started.</param>
/// <param name="Counts">Readings since the start by fate, such as <c>recorded</c>, <c>acked</c>, <c>unread</c>, <c>tombstoned</c>.</param>
public sealed record StatusReport(
    string State,
    StatusSeverity Severity,
    string Version,
    string Gateway,
    long UptimeMs,
    IReadOnlyList<SensorReport> Sensors,
    UplinkReport Uplink,
    SpoolReport Spool,
    ClockReport Clock,
    IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>Lines that a second box is wired to as well; null in a report of an older version.</summary>
    public IReadOnlyList<LineReport>? Lines { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HostingJson.Default.StatusReport);

    /// <summary>Null when the text is no report; the daemon may be another version.</summary>
    public static StatusReport? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, HostingJson.Default.StatusReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
