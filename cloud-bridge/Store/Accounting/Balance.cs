namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>
/// Recorded = stored + parked + set aside + tombstoned + removed, stream by stream, once no record of the interval is on its way. Where damage took
/// the names, the sum over all streams must still agree; where it took the number too, nothing may be there that was never recorded.
/// </summary>
public static class Balance
{
    const int StreamsInText = 5;

    public static (CutState State, string Text) Of(Cut before, Cut cut, CityCount city)
    {
        ArgumentNullException.ThrowIfNull(cut);
        ArgumentNullException.ThrowIfNull(city);
        if (city.Missing > 0)
            return (CutState.Open, $"{city.Missing} records are still on their way");
        var recorded = cut.Since(before);
        var sum = recorded.Values.Sum();
        if (sum != cut.LastSequence - before.LastSequence)
            return (CutState.Differs, $"the box counted {sum} readings and numbered {cut.LastSequence - before.LastSequence}");
        var off = Differences(recorded, city);
        var isExplained = city is { IsPartlyUnknown: false, Unnamed: 0 }
            ? off.Count == 0
            : off.TrueForAll(one => one.Recorded > one.Found) && (city.IsPartlyUnknown || off.Sum(one => one.Recorded - one.Found) == city.Unnamed);
        return isExplained ? (CutState.Balanced, "") : (CutState.Differs, Say(off, city));
    }

    // Streams of which more or less is found than was recorded, whatever may explain it.
    static List<(StreamName Stream, long Recorded, long Found)> Differences(Dictionary<StreamName, long> recorded, CityCount city) =>
        [.. recorded.Keys.Concat(city.Streams).Distinct().Select(stream => (stream, recorded.GetValueOrDefault(stream), city.Of(stream))).Where(one => one.Item2 != one.Item3)];

    static string Say(List<(StreamName Stream, long Recorded, long Found)> off, CityCount city)
    {
        var streams = off.Take(StreamsInText).Select(one => $"{one.Stream}: {one.Recorded} recorded, {Terms(one.Stream, city)}");
        return string.Join("; ", streams) + (off.Count > StreamsInText ? $"; and {off.Count - StreamsInText} streams more" : off.Count == 0 ? $"{city.Unnamed} readings are tombstoned and nothing is missing" : "");
    }

    static string Terms(StreamName stream, CityCount city)
    {
        var terms = new[] { ("stored", city.Rows), ("parked", city.Parked), ("set aside", city.SetAside), ("tombstoned", city.Tombstoned), ("removed", city.Removed) };
        return string.Join(", ", terms.Where((term, i) => i == 0 || term.Item2.GetValueOrDefault(stream) > 0).Select(term => $"{term.Item2.GetValueOrDefault(stream)} {term.Item1}"));
    }
}
