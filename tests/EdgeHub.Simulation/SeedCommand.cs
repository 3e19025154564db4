using System.Globalization;

namespace EdgeHub.Simulation;

/// <summary>The command without a verb: one seed with its story, or many; the last line is one JSON object.</summary>
sealed class SeedCommand(Seeds seeds, TextWriter output)
{
    public int Run(ulong? one, bool trace, ulong from, int count, int threads)
    {
        if (one is not { } seed)
            return RunAll(from, count, threads);
        var result = seeds.Run(seed, trace ? output : null);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {result.Failure ?? "the promise held"}; {result.Recorded} readings recorded, {result.Stored} stored, {result.Length.TotalSeconds:F0} virtual seconds, story {result.Hash:x16}"));
        return result.Failure is null ? 0 : 1;
    }

    int RunAll(ulong from, int count, int threads)
    {
        var tally = seeds.RunAll(from, count, threads, TimeProvider.System, result => Console.Error.WriteLine($"seed {result.Seed}: {result.Failure}"));
        output.WriteLine(tally.ToJson());
        return tally.IsGreen ? 0 : 1;
    }
}
