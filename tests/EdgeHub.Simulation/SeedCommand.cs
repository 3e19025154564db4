using System.Globalization;

namespace EdgeHub.Simulation;

/// <summary>The command without a verb: one seed with its story, or many; the last line is one JSON object.</summary>
sealed class SeedCommand(Seeds seeds, TextWriter output)
{
    /// <summary>How current the city must be while old readings still come.</summary>
    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(5);

    public int Run(ulong? one, bool trace, ulong from, int count, int threads)
    {
        if (one is not { } seed)
            return RunAll(from, count, threads);
        var result = seeds.Run(seed, trace ? output : null);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {result.Failure ?? "the promise held"}; {result.Recorded} readings recorded, {result.Stored} stored, {result.Length.TotalSeconds:F0} virtual seconds, story {result.Hash:x16}"));
        return result.Failure is null ? 0 : 1;
    }

    public int RunOutage(ulong seed, TimeSpan length, TimeSpan sampleInterval, int bytesPerSecond)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var result = seeds.RunOutage(seed, length, sampleInterval, bytesPerSecond);
        if (result.Failure is { } failure)
            Console.Error.WriteLine(failure);
        var isCurrent = result.LiveAmongBacklog > 0 && result.Lag < LagMax;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"outage_days":{{length.TotalDays:F1}},"readings":{{result.Recorded}},"stored":{{result.Stored}},"live_lag_max_seconds":{{result.Lag.TotalSeconds:F3}},"live_while_draining":{{result.LiveAmongBacklog}},"drained_after_seconds":{{result.Drained.TotalSeconds:F1}},"held":{{(result.Failure is null && isCurrent ? "true" : "false")}},"took_seconds":{{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1}}}"""));
        return result.Failure is null && isCurrent ? 0 : 1;
    }

    int RunAll(ulong from, int count, int threads)
    {
        var tally = seeds.RunAll(from, count, threads, TimeProvider.System, result => Console.Error.WriteLine($"seed {result.Seed}: {result.Failure}"));
        output.WriteLine(tally.ToJson());
        return tally.IsGreen ? 0 : 1;
    }
}
