using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>A total that grows by <paramref name="step"/> at each tip of a rain gauge.</summary>
public sealed class RainCourse(double start, double step, double perHour, SplitMix64 chance) : Course
{
    readonly Arrivals tips = new(perHour, chance);

    public override double At(TimeSpan time)
    {
        tips.AdvanceTo(time);
        return start + (step * tips.Count);
    }
}
