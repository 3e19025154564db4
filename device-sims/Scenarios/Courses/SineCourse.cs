namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>A day's curve: highest at <paramref name="peak"/> and each <paramref name="period"/> later.</summary>
/// <param name="start">Time of day at the scenario's start.</param>
public sealed class SineCourse(double mean, double swing, TimeSpan period, TimeSpan peak, TimeSpan start) : Course
{
    public override double At(TimeSpan time) => mean + (swing * Math.Cos(2 * Math.PI * ((start + time - peak) / period)));
}
