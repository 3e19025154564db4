namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>Another course, and what events add to it at their full strength.</summary>
public sealed class EventCourse(Course usual, IReadOnlyList<(Happening Event, double Height)> events) : Course
{
    public override double At(TimeSpan time) => usual.At(time) + events.Sum(one => one.Event.Strength(time) * one.Height);
}
