using System.Globalization;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Streams;

/// <summary>Reads the list <c>streams</c> of a sensor's section.</summary>
static class StreamRuleReader
{
    const decimal ScaleMax = 1_000_000m;
    const decimal OffsetMax = 1_000_000_000m;
    const double RangeMax = 1e12;

    static readonly TimeSpan HeartbeatMin = TimeSpan.FromSeconds(1);
    static readonly TimeSpan HeartbeatMax = TimeSpan.FromHours(24);

    /// <summary>A rule a stream, in the order of <paramref name="streams"/>.</summary>
    public static IReadOnlyList<StreamRule> Read(SettingsSection sensor, IReadOnlyList<SensorQuantity> streams)
    {
        var rules = streams.Select(stream => new StreamRule(stream.Quantity)).ToArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in sensor.List("streams", Math.Max(1, streams.Count)))
        {
            string[] names = [.. streams.Select(stream => stream.Quantity)];
            var quantity = section.Text("quantity", null, $"Write one of {string.Join(", ", names)}.");
            var at = Array.IndexOf(names, quantity);
            if (at < 0 && quantity.Length > 0)
                section.Error("quantity", quantity, "the sensor has no such quantity.", Units.Nearest(quantity, names) is { } near ? $"Did you mean {near}?" : $"Write one of {string.Join(", ", names)}.");
            else if (!seen.Add(quantity) && quantity.Length > 0)
                section.Error("quantity", quantity, "this quantity stands twice.", "Write everything of one stream in one entry.");
            var rule = Read(section, quantity);
            if (at >= 0)
                rules[at] = rule;
        }

        return rules;
    }

    static StreamRule Read(SettingsSection section, string quantity)
    {
        section.Know("accuracy");
        var rule = new StreamRule(quantity)
        {
            Scale = Decimal(section, "scale", 1, ScaleMax),
            Offset = Decimal(section, "offset", 0, OffsetMax),
            ValidFrom = Instant(section, "validFrom"),
            Minimum = section.Has("minimum") ? section.Number("minimum", 0, -RangeMax, RangeMax) : double.NegativeInfinity,
            Maximum = section.Has("maximum") ? section.Number("maximum", 0, -RangeMax, RangeMax) : double.PositiveInfinity,
            Deadband = section.Has("deadband") ? section.Number("deadband", 0, 0, RangeMax) : null,
            Heartbeat = section.Duration("heartbeat", StreamRule.HeartbeatDefault, HeartbeatMin, HeartbeatMax),
            Accuracy = section.Has("accuracy") ? section.Number("accuracy", 1, 0, RangeMax) : null,
        };
        if (rule.Scale == 0)
            section.Error("scale", "0", "a scale of 0 makes every value the same.", "Write another number, or leave it out.");
        if (rule.Accuracy == 0)
            section.Error("accuracy", "0", "no instrument is exact.", "Write how far off a value may be, in the stream's unit, or leave it out.");
        if (rule.Minimum > rule.Maximum)
            section.Error("minimum", null, "minimum is above maximum.", "Swap them.");
        if (section.Has("heartbeat") && !section.Has("deadband"))
            section.Error("heartbeat", null, "without a deadband every value is reported.", "Add deadband, 0 for every change, or leave heartbeat out.");
        section.RejectUnknown();
        return rule;
    }

    static decimal Decimal(SettingsSection section, string key, decimal fallback, decimal limit)
    {
        var text = section.Text(key, fallback.ToString(CultureInfo.InvariantCulture));
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= limit)
            return value;
        section.Error(key, text, "this is no number in the allowed range.", $"Write a number from -{limit} to {limit}.");
        return fallback;
    }

    static DateTimeOffset? Instant(SettingsSection section, string key)
    {
        var text = section.Text(key, "");
        if (text.Length == 0)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        section.Error(key, text, "this is no date.", "Write a date such as 2026-11-01, or 2026-11-01T12:00:00Z.");
        return null;
    }
}
