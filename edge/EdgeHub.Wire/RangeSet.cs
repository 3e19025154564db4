using System.Collections;

namespace EdgeHub.Wire;

/// <summary>A set of record numbers, kept as ascending ranges with a gap between any two.</summary>
public sealed class RangeSet : IEnumerable<NumberRange>
{
    readonly List<NumberRange> ranges = [];

    public RangeSet()
    {
    }

    public RangeSet(IEnumerable<NumberRange> from)
    {
        ArgumentNullException.ThrowIfNull(from);
        foreach (var range in from)
            Add(range);
    }

    /// <summary>How many ranges, not how many numbers.</summary>
    public int RangeCount => ranges.Count;

    public bool IsEmpty => ranges.Count == 0;

    /// <summary>How many numbers.</summary>
    public ulong Count
    {
        get
        {
            ulong count = 0;
            foreach (var range in ranges)
                count += range.Count;
            return count;
        }
    }

    /// <summary>The last number of the unbroken run from 1; 0 when 1 is not in the set.</summary>
    public ulong Prefix => ranges.Count > 0 && ranges[0].First <= 1 ? ranges[0].Last : 0;

    /// <summary>The greatest number; 0 when empty.</summary>
    public ulong Last => ranges.Count > 0 ? ranges[^1].Last : 0;

    public bool Contains(ulong number)
    {
        var i = IndexAtOrAfter(number);
        return i < ranges.Count && ranges[i].First <= number;
    }

    public bool ContainsAll(NumberRange range)
    {
        var i = IndexAtOrAfter(range.First);
        return i < ranges.Count && ranges[i].First <= range.First && ranges[i].Last >= range.Last;
    }

    public void Add(NumberRange range)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.First, range.Last, nameof(range));
        var (first, last) = (range.First, range.Last);
        // Ranges that touch or overlap melt into one.
        var from = IndexAtOrAfter(first == 0 ? 0 : first - 1);
        var to = from;
        while (to < ranges.Count && ranges[to].First <= (last == ulong.MaxValue ? last : last + 1))
        {
            first = Math.Min(first, ranges[to].First);
            last = Math.Max(last, ranges[to].Last);
            to++;
        }

        ranges.RemoveRange(from, to - from);
        ranges.Insert(from, new NumberRange(first, last));
    }

    public void Add(ulong number) => Add(new NumberRange(number, number));

    public void AddAll(IEnumerable<NumberRange> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        foreach (var range in others)
            Add(range);
    }

    public void Remove(NumberRange range)
    {
        var i = IndexAtOrAfter(range.First);
        while (i < ranges.Count && ranges[i].First <= range.Last)
        {
            var hit = ranges[i];
            ranges.RemoveAt(i);
            if (hit.First < range.First)
                ranges.Insert(i++, new NumberRange(hit.First, range.First - 1));
            if (hit.Last > range.Last)
                ranges.Insert(i++, new NumberRange(range.Last + 1, hit.Last));
        }
    }

    /// <summary>The numbers of <paramref name="range"/> that are not in the set, ascending.</summary>
    public IEnumerable<NumberRange> GapsIn(NumberRange range)
    {
        var next = range.First;
        for (var i = IndexAtOrAfter(range.First); i < ranges.Count && ranges[i].First <= range.Last; i++)
        {
            if (ranges[i].First > next)
                yield return new NumberRange(next, ranges[i].First - 1);
            if (ranges[i].Last >= range.Last)
                yield break;
            next = ranges[i].Last + 1;
        }

        if (next <= range.Last)
            yield return new NumberRange(next, range.Last);
    }

    /// <summary>The numbers of <paramref name="range"/> that are in the set, ascending.</summary>
    public IEnumerable<NumberRange> Within(NumberRange range)
    {
        for (var i = IndexAtOrAfter(range.First); i < ranges.Count && ranges[i].First <= range.Last; i++)
            yield return new NumberRange(Math.Max(range.First, ranges[i].First), Math.Min(range.Last, ranges[i].Last));
    }

    public IEnumerator<NumberRange> GetEnumerator() => ranges.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(",", ranges);

    // First range that ends at or after the number.
    int IndexAtOrAfter(ulong number)
    {
        int low = 0, high = ranges.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Last < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
