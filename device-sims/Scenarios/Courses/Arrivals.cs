using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>A Poisson process: so many arrivals an hour on average, the time between two exponentially distributed.</summary>
sealed class Arrivals(double perHour, SplitMix64 chance)
{
    TimeSpan next = Gap(perHour, chance);

    public long Count { get; private set; }

    public TimeSpan? Last { get; private set; }

    public void AdvanceTo(TimeSpan time)
    {
        for (; next <= time; next += Gap(perHour, chance))
            (Count, Last) = (Count + 1, next);
    }

    // From 0 (included) to 1 the logarithm's argument never reaches 0.
    static TimeSpan Gap(double perHour, SplitMix64 chance) => TimeSpan.FromHours(-Math.Log(1 - chance.Fraction()) / perHour) + TimeSpan.FromTicks(1);
}
