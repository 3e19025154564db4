using System.CommandLine;
using EdgeHub.Simulation.PowerCuts;

// Without a fault the last line says lost 0; --without-fsync and --litedb-alone break the door on purpose and must be found.
var trials = new Argument<int>("trials") { Description = "How often the plug is pulled.", DefaultValueFactory = _ => 20 };
var seed = new Option<ulong>("--seed") { Description = "Where the chance starts.", DefaultValueFactory = _ => 1 };
var directory = new Option<string?>("--dir") { Description = "Where the image lies; a temporary folder without it." };
var withoutFsync = new Option<bool>("--without-fsync") { Description = "Break the door: the disk does not sync. The run must lose data." };
var liteDbAlone = new Option<bool>("--litedb-alone") { Description = "Break the door: the journal is gone after the cut. The run must lose data." };

var powerCut = new Command("powercut", "Cuts the power under a writing spool: an ext4 on a loop device is shut down, what was not synced is gone.") { trials, seed, directory, withoutFsync, liteDbAlone };
powerCut.SetAction(parsed =>
{
    if (LoopDisk.WhyNot() is { } reason)
    {
        Console.Error.WriteLine($"The power cannot be cut here: {reason}");
        return 2;
    }

    var place = parsed.GetValue(directory) ?? Directory.CreateTempSubdirectory("edgehub-powercut-").FullName;
    var tally = new PowerCut(place, parsed.GetValue(seed), parsed.GetValue(withoutFsync), parsed.GetValue(liteDbAlone), TimeProvider.System).Run(parsed.GetValue(trials));
    Console.WriteLine(tally.ToJson());
    return tally.Lost == 0 && tally.Unopenable == 0 ? 0 : 1;
});

var target = new Argument<string>("directory");
var write = new Command("write", "What the plug is pulled from: records blocks for ever and says on standard output what is safe.") { target, seed, withoutFsync };
write.Hidden = true;
write.SetAction(parsed => new Writer(parsed.GetRequiredValue(target), parsed.GetValue(seed), parsed.GetValue(withoutFsync)).Run(Console.Out));

return new RootCommand("Cuts the power under the spool and counts what it had promised.") { powerCut, write }.Parse(args).Invoke();
