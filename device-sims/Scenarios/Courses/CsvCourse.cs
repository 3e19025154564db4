namespace EdgeHub.DeviceSims.Scenarios.Courses;

/// <summary>Replays a recorded course: the value of the last row that is due; from the start again where <paramref name="loop"/> says so.</summary>
/// <param name="rows">Seconds since the start and value, ascending, at least one.</param>
public sealed class CsvCourse(IReadOnlyList<(double Seconds, double Value)> rows, bool loop) : Course
{
    public const int RowsMax = 1_000_000;

    public override double At(TimeSpan time)
    {
        var end = rows[^1].Seconds;
        var seconds = loop && end > 0 ? time.TotalSeconds % end : time.TotalSeconds;
        var (low, high) = (0, rows.Count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = rows[middle].Seconds <= seconds ? (middle, high) : (low, middle);
        }

        return rows[low].Value;
    }
}
