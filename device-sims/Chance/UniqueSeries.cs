namespace EdgeHub.DeviceSims.Chance;

/// <summary>
/// The raw integers that one stream of a double takes, in order: <b>each value comes once</b>, so that a row
/// in the city's database is matched to what was on the wire by its value alone, without clocks.
/// <para>
/// First the plausible band, in even steps up and odd steps down from a seeded place, as a slow wave would
/// go; when the band is used up (a degree scale has few values) the rest of the register's range follows
/// upwards from the band, then from the bottom: implausible, but still unique. A band of one value makes a counter.
/// </para>
/// </summary>
public sealed class UniqueSeries
{
    /// <summary>The sentinel by which many Modbus devices say "no data"; a real value must not look like it.</summary>
    private const int NoData = 0x7FFF;

    private readonly ValueRange _range;
    private readonly long _phase;
    private long _index;

    /// <summary>Starts somewhere in the band of <paramref name="range"/> that <paramref name="chance"/> picks.</summary>
    public UniqueSeries(ValueRange range, SplitMix64 chance)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(chance);
        _range = range;
        _phase = chance.Below((int)range.BandCount);
    }

    /// <summary>How many values come before the first one comes again.</summary>
    public long UniqueCount => _range.Count - (_range.Minimum <= NoData && NoData <= _range.Maximum ? 1 : 0);

    /// <summary>The next value.</summary>
    public long Next()
    {
        var value = At(_index++ % _range.Count);
        return value == NoData ? At(_index++ % _range.Count) : value;
    }

    private long At(long index)
    {
        var band = _range.BandCount;
        if (index >= band)
        {
            var beyond = _range.High + 1 + (index - band);
            return beyond <= _range.Maximum ? beyond : _range.Minimum + (beyond - _range.Maximum - 1);
        }

        var place = (index + _phase) % band;
        var evens = (band + 1) / 2;
        return place < evens ? _range.Low + (2 * place) : _range.Low + (2 * (band - place)) - 1;
    }
}
