namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>Always the same.</summary>
public sealed class ConstantCourse(double value) : Course
{
    public override double At(TimeSpan time) => value;
}
