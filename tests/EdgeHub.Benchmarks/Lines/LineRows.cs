using System.Globalization;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.Benchmarks.Lines;

/// <summary>
/// How late readings are on real pseudo terminals: 32 instruments on four buses, each due once a second, two of them dead and one
/// that babbles. The doubles play here; the sampler is a process of its own, so that CPU and memory are its alone.
/// </summary>
static class LineRows
{
    public const int Buses = 4;
    public const int OnBus = 8;
    public const int DeadOnBus0 = 3;
    public const int DeadOnBus1 = 5;

    const int BabblesOnBus2 = 8;
    const int Baud = 9600;
    const int Seconds = 60;

    // Of the babbler's idle turns and of its neighbours' answers: a collision is a lost answer, not a late one.
    const double BabbleRate = 0.01;

    public static readonly string[] Names = ["sensors.lateness_ms_p50", "sensors.lateness_ms_p99", "sensors.lateness_ms_max", "sensors.cpu_percent", "sensors.rss_mb"];

    public static string Tty(string directory, int bus) => Path.Combine(directory, $"bus{bus}");

    public static async Task<IReadOnlyList<Row>> MeasureAsync(Effort effort, CancellationToken stop)
    {
        var scratch = Directory.CreateTempSubdirectory("edgehub-bench-").FullName;
        try
        {
            using var ledger = new Ledger(Path.Combine(scratch, "ledger.jsonl"), TimeProvider.System);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
            SimLine[] lines = [.. Enumerable.Range(0, Buses).Select(bus => SimLine.Open(Tty(scratch, bus), Baud, Devices(bus), ledger, TimeProvider.System))];
            Task[] playing = [.. lines.Select(line => Task.Run(() => line.RunAsync(ending.Token), stop))];
            using var sampler = Loopback.Start(Environment.ProcessPath!, "sample", scratch, effort.Of(Seconds).ToString(CultureInfo.InvariantCulture));
            if (await sampler.WaitAsync(stop) != 0)
                throw new InvalidOperationException($"Nothing was sampled: {sampler.Log}");
            await ending.CancelAsync();
            await Task.WhenAll(playing).ContinueWith(static ended => ended.IsFaulted ? throw ended.Exception!.InnerException! : ended, TaskScheduler.Default);
            Array.ForEach(lines, line => line.Dispose());
            return Rows(LineFigures.Parse(sampler.Log), effort);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    static DeviceDouble[] Devices(int bus)
    {
        DeviceDouble[] devices = [.. Enumerable.Range(1, OnBus).Where(slave => (bus, slave) is not ((0, DeadOnBus0) or (1, DeadOnBus1))).Select(slave => new NoiseMeter($"s{bus}-{slave}", (byte)slave, (ulong)slave))];
        if (bus == 2)
            devices[BabblesOnBus2 - 1].Faults.Set(FaultKind.Babble, BabbleRate);
        return devices;
    }

    static Row[] Rows(LineFigures figures, Effort effort)
    {
        var note = $"{Buses * OnBus} Modbus slaves on {Buses} ptys at {Baud} baud and 1 Hz, two dead, one babbles; from due to read, {figures.Readings} readings";
        if (effort.Quick)
            note = "QUICK: a tenth of the time; " + note;
        return
        [
            new(Names[0], figures.LatenessP50, "ms", figures.StallP50, "", $"{note}; reference: how late an idle 20 ms timer of the same process was"),
            new(Names[1], figures.LatenessP99, "ms", figures.StallP99, "≤ 1000", $"{note}; reference: the same of the idle timer"),
            new(Names[2], figures.LatenessMax, "ms", figures.StallMax, "", $"{note}, answers lost in collisions counted until the next one; reference: the same of the idle timer"),
            new(Names[3], figures.CpuPercent, "% of a core", null, "", $"{note}; the sampler alone"),
            new(Names[4], figures.ResidentMb, "MB", null, "", $"{note}; the sampler alone"),
        ];
    }
}
