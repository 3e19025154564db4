namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>
/// Something that happens and that several quantities show at once: a fire is smoke, temperature and CO. Its strength goes from 0
/// to 1 and back.
/// </summary>
public sealed record Happening(TimeSpan At, TimeSpan Rise, TimeSpan Hold, TimeSpan Fall)
{
    public double Strength(TimeSpan time)
    {
        var since = time - At;
        if (since < TimeSpan.Zero)
            return 0;
        if (since < Rise)
            return since / Rise;
        if (since < Rise + Hold)
            return 1;
        return Fall > TimeSpan.Zero ? Math.Max(0, 1 - ((since - Rise - Hold) / Fall)) : 0;
    }
}
