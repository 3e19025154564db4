using System.Globalization;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>Reads a recorded course: rows of <c>seconds,value</c>; a first row of names and lines behind # are passed over.</summary>
static class CsvFile
{
    /// <summary>The rows, or null and why not.</summary>
    public static IReadOnlyList<(double Seconds, double Value)>? Read(string path, out string error)
    {
        error = "";
        var rows = new List<(double Seconds, double Value)>();
        var isFirst = true;
        try
        {
            foreach (var (index, line) in File.ReadLines(path).Take(Courses.CsvCourse.RowsMax).Index())
            {
                if (line.Length == 0 || line[0] == '#')
                    continue;
                if (line.Split(',') is [var at, var value] && Number(at) is { } seconds && Number(value) is { } number && seconds >= (rows.Count == 0 ? 0 : rows[^1].Seconds))
                    rows.Add((seconds, number));
                else if (!isFirst)
                {
                    error = $"{path}:{index + 1}: '{line}' is no row of seconds,value with ascending seconds.";
                    return null;
                }

                isFirst = false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"{path} cannot be read: {e.Message}";
            return null;
        }

        error = rows.Count == 0 ? $"{path} has no row of seconds,value." : "";
        return rows.Count == 0 ? null : rows;
    }

    static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
