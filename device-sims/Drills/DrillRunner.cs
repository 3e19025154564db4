using System.Globalization;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>Runs drills one after the other; each has the machine for itself, and a directory that is kept when it fails.</summary>
sealed class DrillRunner(TextWriter output, TimeProvider time, string directory)
{
    public async Task<IReadOnlyList<DrillResult>> RunAsync(IEnumerable<Drill> drills)
    {
        var results = new List<DrillResult>();
        foreach (var drill in drills)
        {
            await output.WriteLineAsync($"{drill.Name}: {drill.Title}");
            var result = await RunAsync(drill);
            results.Add(result);
            if (result.Books is { } books)
                await output.WriteLineAsync($"  {books.ToJson()}");
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Word} {drill.Name} ({result.Took.TotalSeconds:0} s){(result.Reason.Length == 0 ? "" : ": " + result.Reason)}"));
        }

        return results;
    }

    async Task<DrillResult> RunAsync(Drill drill)
    {
        if (Tools.Missing(drill) is { } missing)
            return new DrillResult(drill, [], [], null, TimeSpan.Zero, missing, null);
        var begun = time.GetTimestamp();
        var place = Directory.CreateDirectory(Path.Combine(directory, drill.Name)).FullName;
        Verdict? books = null;
        string? failure = null;
        IReadOnlyList<DrillStep> steps = [];
        IReadOnlyList<DrillCheck> checks = [];
        // Around the stand's own end as well: what cannot be taken down fails this drill, and the next one still runs.
        try
        {
            await using var stand = new Stand(place, output, time);
            (steps, checks) = (stand.Steps, stand.Checks);
            await drill.RunAsync(stand);
            books = await stand.JudgeAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or System.Data.Common.DbException or System.ComponentModel.Win32Exception)
        {
            failure = e.Message;
        }

        var result = new DrillResult(drill, steps, checks, books, time.GetElapsedTime(begun), null, failure);
        if (result.IsPassed)
            Directory.Delete(place, recursive: true);
        return result;
    }
}
