using System.Globalization;

namespace EdgeHub.Edge.Spool.Wear;

/// <summary>What is written to the spool's medium, and how long it lasts.</summary>
/// <param name="SpoolBytes">Pages that the spool wrote since this process started.</param>
/// <param name="DeviceBytes">What anybody wrote to the whole device meanwhile; null where the kernel does not count it.</param>
/// <param name="BytesPerDay">Over the last day at most: the device's where it is counted, else the spool's; null in the first minute.</param>
/// <param name="BytesPerReading">The spool's; null before the first reading.</param>
/// <param name="LifeYears">Of a new medium at this rate; null without a known endurance.</param>
/// <param name="Budget">Bytes a day at which it lasts as long as it is to; null likewise.</param>
/// <param name="IsOver">More is written than the budget allows, and the flush interval can become no longer.</param>
public sealed record WearReport(long SpoolBytes, long? DeviceBytes, double? BytesPerDay, double? BytesPerReading, double? LifeYears, double? Budget, TimeSpan FlushInterval, bool IsOver)
{
    public override string ToString()
    {
        if (BytesPerDay is not { } perDay)
            return "not measured yet";
        var text = string.Create(CultureInfo.InvariantCulture, $"{Size(perDay)} a day{(DeviceBytes is null ? " by the spool" : "")}{(BytesPerReading is { } each ? $", {Size(each)} a reading" : "")}, flushed every {FlushInterval.TotalSeconds:0.#} s");
        if (LifeYears is { } years)
            text += string.Create(CultureInfo.InvariantCulture, $"; a new medium lasts {(years < 100 ? $"{years:0.0}" : "more than 100")} years");
        return IsOver ? $"{text}. The budget of {Size(Budget!.Value)} a day is exceeded: raise spool.wear.flushIntervalMax, read less often, or use a medium of more endurance." : text;
    }

    static string Size(double bytes) => bytes switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}
