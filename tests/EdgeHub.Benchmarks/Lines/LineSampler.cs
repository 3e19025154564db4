using System.Diagnostics;
using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Benchmarks.Lines;

/// <summary>The real sampler over the terminals of <see cref="LineRows"/>, with a clock beside each reading and an idle timer beside the sampler.</summary>
static class LineSampler
{
    const int ReadingsMax = 100_000;
    const int IntervalMs = 1000;

    // The first rounds find out who is there.
    const int WarmUpSeconds = 3;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(string directory, int seconds, CancellationToken stop)
    {
        var readings = Channel.CreateBounded<Reading>(ReadingsMax);
        var origin = Stopwatch.GetTimestamp();
        var clock = new BoxClock(TimeProvider.System, UInt128.One, () => (long)Stopwatch.GetElapsedTime(origin).TotalMilliseconds, static () => true, 0);
        using var metrics = new SensorsMetrics();
        using var sampler = new Sampler(Options(directory), readings.Writer, clock, metrics, LineOpeners.Box(TimeProvider.System, directory), static () => 0.5, new Watchdog(TimeProvider.System), TimeProvider.System, NullLogger<Sampler>.Instance);
        var start = Stopwatch.GetElapsedTime(origin).TotalMilliseconds;
        await sampler.StartAsync(stop);
        await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds), TimeProvider.System, stop);
        using var self = Process.GetCurrentProcess();
        var (cpuBefore, wallBefore) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
        var stalls = await StallsAsync(TimeSpan.FromSeconds(seconds + 1), stop);
        self.Refresh();
        var cpu = 100 * (self.TotalProcessorTime - cpuBefore) / Stopwatch.GetElapsedTime(wallBefore);
        var resident = self.WorkingSet64 / 1e6;
        await sampler.StopAsync(CancellationToken.None);
        List<Reading> taken = [];
        while (readings.Reader.TryRead(out var reading))
            taken.Add(reading);
        var lateness = Lateness(taken, start, seconds);
        await Console.Out.WriteLineAsync($"{new LineFigures(taken.Count, At(lateness, 0.5), At(lateness, 0.99), lateness[^1], At(stalls, 0.5), At(stalls, 0.99), stalls[^1], cpu, resident)}");
        return 0;
    }

    // How late an idle timer is, sorted: what the machine does to any program in this time.
    static async Task<double[]> StallsAsync(TimeSpan span, CancellationToken stop)
    {
        var stalls = new List<double>();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < span)
        {
            var slept = Stopwatch.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System, stop);
            stalls.Add(Math.Max(0, (Stopwatch.GetElapsedTime(slept) - Tick).TotalMilliseconds));
        }

        return [.. stalls.Order()];
    }

    // From each due time of each that is alive to its next reading, sorted.
    static double[] Lateness(List<Reading> taken, double start, int seconds)
    {
        var at = taken.ToLookup(reading => reading.Stream, reading => reading.BootTimeMs - start);
        return
        [
            .. from stream in Enumerable.Range(0, LineRows.Buses * LineRows.OnBus)
               where (stream / LineRows.OnBus, (stream % LineRows.OnBus) + 1) is not ((0, LineRows.DeadOnBus0) or (1, LineRows.DeadOnBus1))
               from second in Enumerable.Range(WarmUpSeconds, seconds)
               let due = second * IntervalMs
               let late = at[stream].Where(time => time > due).DefaultIfEmpty(due + (seconds * IntervalMs)).Min() - due
               orderby late
               select late,
        ];
    }

    static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    static SensorsOptions Options(string directory)
    {
        var sensors = Enumerable.Range(0, LineRows.Buses * LineRows.OnBus).Select(i => $$"""{ "id": "s{{i}}", "driver": "modbus", "port": "serial:{{LineRows.Tty(directory, i / LineRows.OnBus)}}?baud=9600", "address": {{(i % LineRows.OnBus) + 1}}, "profile": "noise-meter", "interval": "1s" }""");
        var document = SettingsDocument.FromText($$"""{ "sensors": [ {{string.Join(", ", sensors)}} ] }""", "benchmark", "NONE__", new Dictionary<string, string>());
        var options = SensorsOptions.Read(document.Root);
        return document.Errors.Count == 0 ? options : throw new InvalidOperationException($"{document.Errors[0]}");
    }
}
