using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Uplink;

/// <summary>How many bytes may travel in one calendar day or month (UTC).</summary>
public sealed record DataAllowance(long Bytes, bool IsMonthly)
{
    const long BytesMin = 64 << 10;
    const string Fix = "Write a size and a period, such as 50MiB/day or 2GiB/month.";

    /// <summary>Reads <c>50MiB/day</c> or <c>2GiB/month</c>; null when there is none.</summary>
    public static DataAllowance? Read(SettingsSection section, string key)
    {
        ArgumentNullException.ThrowIfNull(section);
        var text = section.Text(key, "", Fix);
        if (text.Length == 0)
            return null;
        if (text.Split('/') is [var size, "day" or "month"] && Units.TryBytes(size, out var bytes) && bytes >= BytesMin)
            return new DataAllowance(bytes, text.EndsWith("month", StringComparison.Ordinal));
        section.Error(key, text, $"this is no data budget of at least {BytesMin} bytes.", Fix);
        return null;
    }

    public override string ToString() => $"{Bytes / 1048576.0:0.#} MiB a {(IsMonthly ? "month" : "day")}";

    /// <summary>Which day or month a moment is in.</summary>
    public string PeriodOf(DateTimeOffset moment) => moment.UtcDateTime.ToString(IsMonthly ? "yyyy-MM" : "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How much of its period is over at a moment, 0 to 1.</summary>
    public double Elapsed(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        return IsMonthly ? (utc.Day - 1 + utc.TimeOfDay.TotalDays) / DateTime.DaysInMonth(utc.Year, utc.Month) : utc.TimeOfDay.TotalDays;
    }
}
