namespace EdgeHub.Wire;

/// <summary>Ranges as JSON has them: a list of [first, last] pairs, ascending, apart.</summary>
static class Ranges
{
    public static ulong[][] Pairs(IEnumerable<NumberRange> ranges) => [.. ranges.Select(range => new[] { range.First, range.Last })];

    public static bool TryRead(ulong[][]? pairs, out IReadOnlyList<NumberRange> ranges)
    {
        ranges = [];
        if (pairs is null)
            return true;
        if (pairs.Length > WireLimits.RangesPerMessageMax)
            return false;
        var found = new List<NumberRange>(pairs.Length);
        ulong last = 0;
        foreach (var pair in pairs)
        {
            if (pair is not [var first, var end] || first <= last || end < first)
                return false;
            found.Add(new NumberRange(first, end));
            last = end;
        }

        ranges = found;
        return true;
    }
}
