using System.CommandLine;
using EdgeHub.Simulation;
using EdgeHub.Simulation.PowerCuts;
using EdgeHub.Simulation.World;

// Without a fault the last line says lost 0; --without-fsync and --litedb-alone break the door on purpose and must be found.
var trials = new Argument<int>("trials") { Description = "How often the plug is pulled.", DefaultValueFactory = _ => 20 };
var seed = new Option<ulong>("--seed") { Description = "Where the chance starts.", DefaultValueFactory = _ => 1 };
var directory = new Option<string?>("--dir") { Description = "Where the image lies; a temporary folder without it." };
var withoutFsync = new Option<bool>("--without-fsync") { Description = "Break the door: the disk does not sync. The run must lose data." };
var liteDbAlone = new Option<bool>("--litedb-alone") { Description = "Break the door: the journal is gone after the cut. The run must lose data." };

var media = new Option<int>("--media") { Description = "How many the spool lies on, 1 or 2: each an ext4 of its own, and the cut takes both.", DefaultValueFactory = _ => 1 };

var powerCut = new Command("powercut", "Cuts the power under a writing spool: an ext4 on a loop device is shut down, what was not synced is gone.") { trials, seed, directory, withoutFsync, liteDbAlone, media };
powerCut.SetAction(parsed =>
{
    if (LoopDisk.WhyNot() is { } reason)
    {
        Console.Error.WriteLine($"The power cannot be cut here: {reason}");
        return 2;
    }

    var place = parsed.GetValue(directory) ?? Directory.CreateTempSubdirectory("edgehub-powercut-").FullName;
    var tally = new PowerCut(place, parsed.GetValue(seed), parsed.GetValue(withoutFsync), parsed.GetValue(liteDbAlone), parsed.GetValue(media) == 2, TimeProvider.System).Run(parsed.GetValue(trials));
    Console.WriteLine(tally.ToJson());
    return tally.Lost == 0 && tally.Unopenable == 0 ? 0 : 1;
});

var target = new Argument<string>("directory");
var mirror = new Option<string?>("--mirror") { Description = "The second medium's directory." };
var write = new Command("write", "What the plug is pulled from: records blocks for ever and says on standard output what is safe.") { target, seed, withoutFsync, mirror };
write.Hidden = true;
write.SetAction(parsed => new Writer(parsed.GetRequiredValue(target), parsed.GetValue(mirror), parsed.GetValue(seed), parsed.GetValue(withoutFsync)).Run(Console.Out));

var seeds = new Option<int>("--seeds") { Description = "How many worlds.", DefaultValueFactory = _ => 1000 };
var from = new Option<ulong>("--from") { Description = "The first world's seed.", DefaultValueFactory = _ => 1 };
var one = new Option<ulong?>("--seed") { Description = "One world alone." };
var trace = new Option<bool>("--trace") { Description = "Tells the story of the one world." };
var liteDb = new Option<bool>("--litedb") { Description = "Every world packs into LiteDB: slower." };
var threads = new Option<int>("--threads") { Description = "Worlds at once.", DefaultValueFactory = _ => Environment.ProcessorCount };
var sabotage = new Option<Sabotage>("--sabotage") { Description = "Breaks one rule on purpose: the run must fail." };
var days = new Option<double>("--days") { Description = "How long the line is cut.", DefaultValueFactory = _ => 7 };
var interval = new Option<double>("--interval") { Description = "Seconds between two readings of a stream.", DefaultValueFactory = _ => 10 };
var kbits = new Option<int>("--kbits") { Description = "What the line carries, in kbit/s; 0 for as much as comes.", DefaultValueFactory = _ => 64 };
var outage = new Command("outage", "A box without its line for days, then the backlog and live readings together.") { days, interval, kbits, seed };
outage.SetAction(parsed => InScratch(scratch => new SeedCommand(new Seeds(scratch), Console.Out).RunOutage(parsed.GetValue(seed), TimeSpan.FromDays(parsed.GetValue(days)), TimeSpan.FromSeconds(parsed.GetValue(interval)), parsed.GetValue(kbits) * 125)));
var only = new Option<string[]>("--only") { Description = "Draws these faults alone, by name.", AllowMultipleArgumentsPerToken = true };
var results = new Argument<DirectoryInfo>("results") { Description = "Where the result files lie, one JSON object each." };
var scoreboard = new Command("scoreboard", "Writes the page of what was proven from result files to standard output.") { results };
scoreboard.SetAction(parsed => Console.Out.Write(Scoreboard.Write(parsed.GetRequiredValue(results).FullName)));
var campaigns = new Command("campaigns", "Says which commands the scoreboard rests on: a result file's name and the arguments, a line each.") { Hidden = true };
campaigns.SetAction(_ =>
{
    foreach (var row in ScoreRow.All.Where(row => row.IsCampaign))
        Console.WriteLine($"{row.Result} {row.Arguments}");
});
var root = new RootCommand("Boxes, brokers and cities in storms that a seed draws: what was recorded must arrive exactly once. A seed is a repro.") { seeds, from, one, trace, liteDb, threads, sabotage, only, outage, scoreboard, campaigns, powerCut, write };
root.SetAction(parsed => InScratch(scratch => new SeedCommand(new Seeds(scratch, parsed.GetValue(liteDb), parsed.GetValue(sabotage), parsed.GetValue(only) is { Length: > 0 } names ? names : null), Console.Out).Run(parsed.GetValue(one), parsed.GetValue(trace), parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(threads))));
return root.Parse(args).Invoke();

static int InScratch(Func<string, int> run)
{
    var scratch = Directory.CreateTempSubdirectory("edgehub-seeds-");
    try
    {
        return run(scratch.FullName);
    }
    finally
    {
        scratch.Delete(recursive: true);
    }
}
