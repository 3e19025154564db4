using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Scenarios.Courses;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>Reads what one quantity follows.</summary>
/// <param name="directory">Where the scenario lies: the paths of recordings are relative to it.</param>
/// <param name="start">Time of day at the start.</param>
sealed class CourseReader(string directory, TimeSpan start, IReadOnlyDictionary<string, Happening> events)
{
    /// <summary>The words of the key <c>model</c>.</summary>
    public static IReadOnlyList<string> Models { get; } = ["constant", "sine", "walk", "rain", "burst", "csv"];

    const double PerHourMax = 100_000;

    static readonly TimeSpan Day = TimeSpan.FromHours(24);
    static readonly TimeSpan Peak = TimeSpan.FromHours(15);

    public Course Read(YamlSection section, SplitMix64 chance)
    {
        var model = section.Text("model", null, $"Write one of {string.Join(", ", Models)}.");
        Course course;
        switch (model)
        {
            case "constant":
                course = new ConstantCourse(section.Number("value", double.NaN));
                break;
            case "sine":
                course = new SineCourse(section.Number("mean", double.NaN), section.Number("swing", double.NaN), section.Length("period", Day, TimeSpan.FromSeconds(1))!.Value, section.Length("peak", Peak, TimeSpan.Zero)!.Value, start);
                break;
            case "walk":
                course = Walk(section, chance);
                break;
            case "rain":
                course = new RainCourse(section.Number("start", 0), section.Number("step", 0.2), section.Number("per-hour", double.NaN, 0.001, PerHourMax), chance);
                break;
            case "burst":
                course = new BurstCourse(section.Number("quiet", double.NaN), section.Number("height", double.NaN), section.Number("per-hour", double.NaN, 0.001, PerHourMax), section.Length("length", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(1))!.Value, chance);
                break;
            case "csv":
                course = Csv(section);
                break;
            default:
                if (model.Length > 0)
                    section.Error("model", $"'{model}' is no model. {NearestWord.Advice(model, Models)}");
                return new ConstantCourse(0);
        }

        var with = With(section);
        section.RejectUnknown();
        return with.Count == 0 ? course : new EventCourse(course, with);
    }

    static WalkCourse Walk(YamlSection section, SplitMix64 chance)
    {
        var (minimum, maximum) = (section.Number("min", double.NaN), section.Number("max", double.NaN));
        if (minimum > maximum)
            section.Error("max", $"{maximum} is below min, {minimum}.");
        return new WalkCourse(section.Number("start", double.NaN), section.Number("step", double.NaN), Math.Min(minimum, maximum), Math.Max(minimum, maximum), chance);
    }

    Course Csv(YamlSection section)
    {
        var loop = section.Flag("loop", false);
        var file = section.Text("file", null, "Write the path of a file with rows of seconds,value.");
        if (file.Length == 0)
            return new ConstantCourse(0);
        if (CsvFile.Read(Path.Combine(directory, file), out var error) is { } rows)
            return new CsvCourse(rows, loop);
        section.Error("file", error);
        return new ConstantCourse(0);
    }

    List<(Happening Event, double Height)> With(YamlSection section)
    {
        var found = new List<(Happening, double)>();
        if (section.Section("with") is not { } with)
            return found;
        foreach (var name in with.Keys)
            if (events.TryGetValue(name, out var happening))
                found.Add((happening, with.Number(name, double.NaN)));
            else
                with.Error(name, $"there is no such event. {(events.Count == 0 ? "Add it to events." : NearestWord.Advice(name, [.. events.Keys]))}");
        return found;
    }
}
