using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>Quiet, and for <paramref name="length"/> after each random event higher: lorries at a noise meter, doors at a counter.</summary>
public sealed class BurstCourse(double quiet, double height, double perHour, TimeSpan length, SplitMix64 chance) : Course
{
    readonly Arrivals events = new(perHour, chance);

    public override double At(TimeSpan time)
    {
        events.AdvanceTo(time);
        return events.Last is { } last && time - last < length ? quiet + height : quiet;
    }
}
