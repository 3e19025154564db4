using CsCheck;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Wire;

public sealed class RangeSetTests
{
    [Fact]
    public void It_behaves_as_a_plain_set_of_numbers() =>
        Gen.Select(Gen.Bool, Gen.ULong[1, 60], Gen.ULong[0, 12]).Array[0, 40].Sample(steps =>
        {
            var ranges = new RangeSet();
            var plain = new SortedSet<ulong>();
            foreach (var (add, first, more) in steps)
            {
                var range = new NumberRange(first, first + more);
                for (var n = range.First; n <= range.Last; n++)
                    _ = add ? plain.Add(n) : plain.Remove(n);
                if (add)
                    ranges.Add(range);
                else
                    ranges.Remove(range);
            }

            Assert.Equal(plain, ranges.SelectMany(Numbers));
            Assert.Equal((ulong)plain.Count, ranges.Count);
            Assert.Equal(plain.Max, ranges.Last);
            var window = new NumberRange(10, 40);
            Assert.Equal(Numbers(window).Except(plain), ranges.GapsIn(window).SelectMany(Numbers));
            Assert.Equal(Numbers(window).Intersect(plain), ranges.Within(window).SelectMany(Numbers));
            Assert.All(Numbers(window), n => Assert.Equal(plain.Contains(n), ranges.Contains(n)));
            Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
        });

    static IEnumerable<ulong> Numbers(NumberRange range)
    {
        for (var n = range.First; n <= range.Last; n++)
            yield return n;
    }
}
