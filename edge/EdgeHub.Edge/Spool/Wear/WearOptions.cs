using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Spool.Wear;

/// <summary>How much may be written to the spool's medium: section <c>spool.wear</c>.</summary>
public sealed record WearOptions
{
    /// <summary>Bytes that the medium takes in its life, as its maker says (TBW). Null: not known, and nothing is projected.</summary>
    public double? EnduranceBytes { get; init; }

    /// <summary>How long it is to last. Default 5 years.</summary>
    public double Years { get; init; } = 5;

    /// <summary>The longest that the flush interval may become to meet the budget. Default 30 s, at most 60 s.</summary>
    public TimeSpan FlushIntervalMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a day at which the medium lasts as long as it is to; null without a known endurance.</summary>
    public double? BytesPerDay => EnduranceBytes / (Years * WearStep.DaysPerYear);

    public static WearOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var d = new WearOptions();
        var options = new WearOptions
        {
            EnduranceBytes = section.Has("enduranceTb") ? section.Number("enduranceTb", 0, 0.001, 1_000_000) * 1e12 : null,
            Years = section.Number("years", d.Years, 0.1, 100),
            FlushIntervalMax = section.Duration("flushIntervalMax", d.FlushIntervalMax, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)),
        };
        if (options.EnduranceBytes is null && section.Has("years"))
            section.Error("years", "", "without enduranceTb there is no budget.", "Write spool.wear.enduranceTb, the maker's TBW in terabytes, such as 30.");
        section.RejectUnknown();
        return options;
    }
}
