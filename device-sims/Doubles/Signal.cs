using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// One quantity of a device as its wire carries it: raw integers, so many steps a unit. By itself each value comes once
/// (<see cref="UniqueSeries"/>), so that a row in a database is matched by its value alone; a scenario lets it follow a course instead.
/// The faults of values happen here: what comes out is what is sent, and what the ledger says.
/// </summary>
public sealed class Signal
{
    /// <summary>How far off a spike is when nobody says: a third of the plausible band, at least one step.</summary>
    const int SpikeShare = 3;

    readonly FaultPlan faults;
    readonly ValueRange range;
    readonly double stepsPerUnit;
    readonly long? noData;
    readonly UniqueSeries series;
    readonly Dictionary<FaultKind, SplitMix64> chances;
    Func<double>? course;
    long? last;
    double walked;
    long rolled;

    internal Signal(string sensorId, ulong seed, FaultPlan faults, Quantity quantity, ValueRange range, double stepsPerUnit, long? noData)
    {
        (Quantity, this.faults, this.range, this.stepsPerUnit, this.noData) = (quantity, faults, range, stepsPerUnit, noData);
        series = new UniqueSeries(range, SplitMix64.For(seed, sensorId, quantity.Name));
        chances = Enum.GetValues<FaultKind>().Where(kind => kind >= FaultKind.Stuck).ToDictionary(kind => kind, kind => SplitMix64.For(seed, sensorId, $"fault-{kind}-{quantity.Name}"));
    }

    public Quantity Quantity { get; }

    /// <summary>Whether the device has a code for "no value".</summary>
    public bool HasNoData => noData is not null;

    /// <summary>Follows <paramref name="model"/>, in units, instead of its own series. What the wire cannot hold comes as the nearest that it can.</summary>
    public void Follow(Func<double> model) => course = model;

    /// <summary>The next raw integer and what a correct reader must make of it.</summary>
    public Sample Next()
    {
        var raw = course is { } model ? Clamp(model() * stepsPerUnit) : series.Next();
        if (Strikes(FaultKind.Stuck, out _) && last is { } before)
            raw = before;
        if (Strikes(FaultKind.Drift, out var step))
            walked += step is { } units ? units * stepsPerUnit : 1;
        raw = Clamp(raw + walked);
        if (Strikes(FaultKind.Spike, out var height))
            raw = Clamp(raw + (height * stepsPerUnit ?? Math.Max(1, range.BandCount / SpikeShare)));
        raw = Roll(raw);
        last = raw;
        return Strikes(FaultKind.Sentinel, out _) && noData is { } code
            ? new Sample(code, new SentValue(Quantity.Name, double.NaN))
            : new Sample(raw, new SentValue(Quantity.Name, raw / stepsPerUnit));
    }

    // Struck once, the count stands near the end of its register and goes on from there.
    long Roll(long raw)
    {
        if (rolled == 0 && Strikes(FaultKind.Rollover, out _))
            rolled = range.Maximum - raw;
        return range.Minimum + ((raw - range.Minimum + rolled) % range.Count);
    }

    bool Strikes(FaultKind kind, out double? amount)
    {
        var setting = faults.Setting(kind);
        amount = setting.Amount;
        if (chances[kind].Fraction() >= setting.Rate || (setting.Quantity is { } only && only != Quantity.Name))
            return false;
        faults.Count(kind);
        return true;
    }

    long Clamp(double raw) => (long)Math.Clamp(Math.Round(raw), range.Minimum, range.Maximum);
}
