using System.CommandLine;
using EdgeHub.Benchmarks;
using EdgeHub.Benchmarks.City;
using EdgeHub.Benchmarks.Lines;
using EdgeHub.Benchmarks.Memory;
using EdgeHub.Benchmarks.Replay;
using EdgeHub.Benchmarks.Spooling;
using EdgeHub.Benchmarks.Wires;

var only = new Option<string>("--only") { Description = "Rows whose name begins with this.", DefaultValueFactory = _ => "" };
var json = new Option<string?>("--json") { Description = "Also writes the rows to this file." };
var quick = new Option<bool>("--quick") { Description = "A tenth of the work: shows that it runs, not how fast." };
var root = new RootCommand("Measures EdgeHub and prints a Markdown table.") { only, json, quick };
root.SetAction(async (result, stop) =>
{
    var size = new Effort(result.GetValue(quick));
    (string[] Names, Func<Task<IReadOnlyList<Row>>> Run)[] groups =
    [
        (WireRows.Names, () => Task.FromResult(WireRows.Measure(size))),
        (SpoolRows.Names, () => Task.FromResult(SpoolRows.Measure(size))),
        (LineRows.Names, () => LineRows.MeasureAsync(size, stop)),
        (MemoryRows.Names, () => MemoryRows.MeasureAsync(size, stop)),
        (ReplayRows.SqliteNames, () => ReplayRows.SqliteAsync(size, stop)),
        (ReplayRows.PostgresNames, () => ReplayRows.PostgresAsync(size, stop)),
        (StoreRows.Names, () => StoreRows.MeasureAsync(size, stop)),
        (BridgeRows.Names, () => BridgeRows.MeasureAsync(size, stop)),
    ];
    var wanted = result.GetValue(only)!;
    var rows = new List<Row>();
    foreach (var (names, run) in groups)
    {
        if (!names.Any(name => name.StartsWith(wanted, StringComparison.Ordinal)))
            continue;
        await Console.Error.WriteLineAsync($"Measuring {string.Join(", ", names)} …");
        rows.AddRange((await run()).Where(row => row.Name.StartsWith(wanted, StringComparison.Ordinal)));
    }

    await Console.Out.WriteAsync(Report.ToMarkdown(rows));
    if (result.GetValue(json) is { } file)
        await File.WriteAllTextAsync(file, Report.ToJson(rows), stop);
    return rows.Count == 0 ? 2 : 0;
});

// The benchmark starts itself to fill a spool in a process whose memory is only the spool's.
var fill = new Command("fill", "Fills a spool and prints what memory that took.") { Hidden = true };
var directory = new Argument<string>("directory");
var readings = new Argument<int>("readings");
fill.Add(directory);
fill.Add(readings);
fill.SetAction(result => SpoolFiller.Run(result.GetValue(directory)!, result.GetValue(readings)));
root.Add(fill);

// And to read sensors in a process whose CPU and memory are only the sampler's.
var sample = new Command("sample", "Samples the simulated buses in a directory and prints what it saw.") { Hidden = true };
var buses = new Argument<string>("directory");
var seconds = new Argument<int>("seconds");
sample.Add(buses);
sample.Add(seconds);
sample.SetAction((result, stop) => LineSampler.RunAsync(result.GetValue(buses)!, result.GetValue(seconds), stop));
root.Add(sample);
return await root.Parse(args).InvokeAsync();
