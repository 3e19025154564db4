using EdgeHub.Edge.Spool;

namespace EdgeHub.Benchmarks.Spooling;

/// <summary>What a reading costs on the box: device bytes, flushes, CPU.</summary>
static class SpoolRows
{
    const int Commits = 4000;
    const int SmallCommits = 10_000;
    const int Hours = 2;
    const string Life = "record, LiteDB, read, ack, release; reference: preallocated append + fdatasync of the same bytes";

    public static readonly string[] Names =
    [
        "spool.device_bytes_per_reading", "spool.device_bytes_per_reading_n20", "spool.device_bytes_per_reading_n100", "spool.device_mb_per_day_20x1hz",
        "spool.flushes_per_commit", "spool.cpu_us_per_reading", "path.cpu_us_per_reading",
    ];

    public static IReadOnlyList<Row> Measure(Effort effort)
    {
        using var bench = new SpoolBench();
        // Small commits fill files slowly: smaller files, so that sealing and recycling happen within the run as they do in a day.
        var small = new SpoolOptions { SegmentBytes = 1 << 20, PackFileBytes = 2 << 20 };
        var path = bench.Lives(500, effort.Of(Commits), effort.Rounds, new SpoolOptions());
        var blocks = bench.LivesOfBlocks(500, effort.Of(Commits), effort.Rounds, new SpoolOptions());
        var raw = bench.Raw(500, effort.Of(Commits), effort.Rounds);
        var rows = new List<Row> { Bytes(bench, Names[0], path, raw, "≤ 20") };
        foreach (var (name, n) in new[] { (Names[1], 20), (Names[2], 100) })
            rows.Add(Bytes(bench, name, bench.Lives(n, effort.Of(SmallCommits), 1, small), bench.Raw(n, effort.Of(SmallCommits), 1), $"≤ {(1.1 * 4096 / n) + 10:F1}"));
        rows.Add(Day(bench, effort));
        rows.Add(bench.WhyNoDevice is { } why
            ? Row.Missing(Names[4], "flushes", why)
            : new Row(Names[4], Median(path, life => life.FlushesPerCommit!.Value), "flushes", Median(raw, life => life.FlushesPerCommit!.Value), "≤ 1.02", $"500 readings a block; {Life}"));
        rows.Add(new Row(Names[5], Median(blocks, life => life.CpuPerReading), "us CPU", Median(raw, life => life.CpuPerReading), "≤ 0.6", $"500 readings a block, from Block to released; {Life}"));
        rows.Add(new Row(Names[6], Median(path, life => life.CpuPerReading), "us CPU", Median(raw, life => life.CpuPerReading), "≤ 1.0", $"500 readings a block, from Reading to released: encode, {Life}"));
        return rows;
    }

    static Row Bytes(SpoolBench bench, string name, List<LifeFigures> lives, List<LifeFigures> raw, string target) => bench.WhyNoDevice is { } why
        ? Row.Missing(name, "bytes", why)
        : new Row(name, Median(lives, life => life.BytesPerReading!.Value), "bytes", Median(raw, life => life.BytesPerReading!.Value), target, Life);

    static Row Day(SpoolBench bench, Effort effort)
    {
        if (bench.WhyNoDevice is { } why)
            return Row.Missing(Names[3], "MB", why);
        var hours = effort.Quick ? 1 : Hours;
        var life = bench.Hours(hours);
        return new Row(Names[3], life.DeviceBytes!.Value / 1e6 / hours * 24, "MB", null, "", $"{hours} h of a simulated clock times {24 / hours}: a commit a second, write-back by the file system each 5 s, packs sealed each hour");
    }

    static double Median(List<LifeFigures> lives, Func<LifeFigures, double> figure) => Benchmarks.Measure.Median(lives.Select(figure));
}
