using System.Globalization;
using System.Text;

namespace EdgeHub.Hosting.Status;

/// <summary>A <see cref="StatusReport"/> as the technician reads it on a phone: one sentence first, then one line a thing.</summary>
public static class StatusText
{
    /// <summary>Above it a line is worth a look.</summary>
    const double ResendShareMax = 0.01;

    public static string Of(StatusReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        text.AppendLine(report.State).AppendLine();
        Line(text, "gateway", $"{report.Gateway}, version {report.Version}, up {Age(report.UptimeMs)}");
        Line(text, "uplink", $"{report.Uplink.State} {report.Uplink.Broker}".TrimEnd() + Sentence(report.Uplink.Sentence));
        if (report.Uplink.Ways.Count > 1)
            foreach (var way in report.Uplink.Ways)
                Line(text, way.IsActive ? "> " + way.Name : "  " + way.Name, $"{way.State} {way.Broker}{Cost(way)}{(way.IsActive ? "" : Sentence(way.Sentence))}");
        Line(text, "last ack", report.Uplink.LastAckAgeMs is { } ack ? $"{Age(ack)} ago, {report.Uplink.InFlight} in flight" : $"none yet, {report.Uplink.InFlight} in flight");
        Line(text, "spool", $"{report.Spool.State}, {report.Spool.RecordedReadings} recorded, journal {report.Spool.JournalBytes / 1048576.0:0.0} MiB");
        if (report.Spool.Mirror is { } mirror)
            Line(text, "mirror", mirror);
        if (report.Spool.Wear is { } wear)
            Line(text, "wear", wear);
        Line(text, "waiting", report.Spool.OldestAgeMs is { } oldest ? $"{report.Spool.WaitingReadings}, oldest {Age(oldest)}" : report.Spool.WaitingReadings.ToString(CultureInfo.InvariantCulture));
        if (report.Uplink.BacklogRecords > 0)
            Line(text, "backlog", $"{report.Uplink.BacklogRecords} records, {(report.Uplink.BacklogEtaMs is { } eta ? "gone in about " + Age(eta) : "standing still")}");
        if (report.Uplink.ResendShare > ResendShareMax)
            Line(text, "resent", string.Create(CultureInfo.InvariantCulture, $"{report.Uplink.ResendShare:0.0 %} of what was sent in the last hour went again - Check the signal, the broker's load and uplink.ackTimeout."));
        Line(text, "clock", report.Clock.State + Sentence(report.Clock.Sentence));
        foreach (var line in report.Lines ?? [])
            Line(text, "line", $"{line.Port} {line.State}{Sentence(line.Sentence)}");
        if (report.Sensors.Count == 0)
            Line(text, "sensors", "none configured");
        foreach (var sensor in report.Sensors)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{sensor.Id}: {sensor.State}{Sentence(sensor.Sentence)}");
            foreach (var stream in sensor.Streams)
                text.AppendLine(Line(stream));
        }

        return text.ToString();
    }

    /// <summary>An age in its largest fitting unit: <c>850 ms</c>, <c>12 s</c>, <c>3 min</c>, <c>5 h</c>, <c>2 d</c>.</summary>
    public static string Age(long milliseconds) => milliseconds switch
    {
        < 1_000 => $"{milliseconds} ms",
        < 120_000 => $"{milliseconds / 1_000} s",
        < 7_200_000 => $"{milliseconds / 60_000} min",
        < 172_800_000 => $"{milliseconds / 3_600_000} h",
        _ => $"{milliseconds / 86_400_000} d",
    };

    static string Line(StreamReport stream)
    {
        var age = stream.AgeMs is { } milliseconds ? Age(milliseconds) + " ago" : "";
        var quality = stream.Quality is "good" or "" ? "" : stream.Quality;
        return string.Create(CultureInfo.InvariantCulture, $"  {stream.Quantity,-28} {Value(stream),-16} {age} {quality}").TrimEnd();
    }

    static string Value(StreamReport stream) =>
        stream.Value is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:G7} {stream.Unit}").TrimEnd() : "no value yet";

    static string Cost(WayReport way) =>
        way is { UsedBytes: { } used, Budget: { } budget } ? string.Create(CultureInfo.InvariantCulture, $", {used / 1048576.0:0.0} of {budget} used") : "";

    static string Sentence(string sentence) => sentence.Length == 0 ? "" : $" - {sentence}";

    static void Line(StringBuilder text, string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-9} {value}");
}
