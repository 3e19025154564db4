namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>
/// What a quantity does over the scenario's time, in its unit. Which values a time has follows from the scenario alone, not from how
/// often somebody asks; times are asked in ascending order.
/// </summary>
public abstract class Course
{
    public abstract double At(TimeSpan time);
}
