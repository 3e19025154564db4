using EdgeHub.Simulation.Faults;
using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation;

/// <summary>Runs seeds, one after the other on each of some threads.</summary>
sealed class Seeds(string scratchDirectory, bool liteDb = false, Sabotage sabotage = Sabotage.None, IReadOnlyList<string>? only = null)
{
    static int databases;

    public SeedResult Run(ulong seed, TextWriter? story = null) => Run(options => SimWorld.Draw(seed, options, story));

    public SeedResult RunOutage(ulong seed, TimeSpan length, TimeSpan sampleInterval, int bytesPerSecond) => Run(options => SimWorld.Outage(seed, length, sampleInterval, bytesPerSecond, options, null));

    public SeedResult RunScript(ulong seed, FaultPlan plan, Func<BoxSetup, BoxSetup>? change = null) => Run(options => SimWorld.Script(seed, plan, change ?? (setup => setup), options));

    SeedResult Run(Func<SeedOptions, SimWorld> make)
    {
        var number = Interlocked.Increment(ref databases);
        var directory = Directory.CreateDirectory(Path.Combine(scratchDirectory, $"world-{number}"));
        try
        {
            using var world = make(new SeedOptions(directory.FullName, $"world-{Environment.ProcessId}-{number}", liteDb, sabotage, only));
            return world.Run();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>All of them, as many at once as there are threads; what failed is told as it fails.</summary>
    public SeedTally RunAll(ulong from, int count, int threads, TimeProvider time, Action<SeedResult> failed)
    {
        var begun = time.GetTimestamp();
        var next = -1;
        var tally = new SeedTally();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Interlocked.Increment(ref next) is var at && at < count)
            {
                var result = Run(from + (ulong)at);
                tally.Add(result);
                if (result.Failure is not null)
                    failed(result);
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        tally.Took = time.GetElapsedTime(begun);
        return tally;
    }
}
