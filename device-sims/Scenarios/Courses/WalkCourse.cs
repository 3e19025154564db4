using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>A random walk: each second a step of up to <paramref name="step"/> either way, turned back at its bounds.</summary>
public sealed class WalkCourse(double start, double step, double minimum, double maximum, SplitMix64 chance) : Course
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    double value = start;
    long beats;

    public override double At(TimeSpan time)
    {
        for (; beats < time.Ticks / Beat.Ticks; beats++)
            value = Math.Clamp(value + (step * ((2 * chance.Fraction()) - 1)), minimum, maximum);
        return value;
    }
}
