using System.Text.Json.Nodes;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens to the box itself: its process, its power, its medium.</summary>
static class BoxDrills
{
    /// <summary>How the log names it: event 200 of the guide.</summary>
    const string SegmentGivenUp = "[200]";

    static readonly TimeSpan AlarmMax = TimeSpan.FromSeconds(10);

    public static async Task KillAsync(Stand stand)
    {
        await stand.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            var view = await stand.UnackedAsync();
            await stand.Edge.KillAsync();
            stand.Say($"kill -9 of the box's daemon, {view.Waiting} readings without ack");
            await stand.Edge.StartAsync();
            await stand.UntilAsync("the box to record again", TimeSpan.FromSeconds(30), async () => await stand.ViewAsync() is { } now && now.Recorded > view.Recorded);
        }
    }

    public static async Task PowerAsync(Stand stand)
    {
        var medium = await SpoolOnExt4Async(stand);
        for (var i = 1; i <= 3; i++)
        {
            var view = await stand.UnackedAsync();
            await stand.Edge.KillAsync();
            await medium.CutAsync();
            stand.Say($"power cut: what was not flushed is gone; the box had called {view.Recorded} readings recorded, {view.Waiting} of them without ack");
            await medium.RemountAsync();
            await stand.Edge.StartAsync();
            await stand.UntilAsync("the box to record again", TimeSpan.FromSeconds(30), async () => await stand.ViewAsync() is { } now && now.Recorded > view.Recorded);
        }
    }

    public static async Task DiskFullAsync(Stand stand)
    {
        var medium = stand.Own(await Medium.MemoryAsync(stand.In("medium"), 24));
        Put(stand, medium);
        await medium.FillAsync(3 << 10);
        await stand.StartAsync();
        await medium.FillAsync(0);
        stand.Say("no byte is left on the medium");
        var before = await stand.UnackedAsync();
        await stand.PauseAsync(8);
        var full = await stand.ViewAsync();
        stand.Check($"the box answers and says how its spool is ({full?.Spool}); sensing goes on", full is not null && full.Streams.Any(stream => stream.AgeMs < 5_000));
        medium.Free();
        stand.Say("there is space again");
        await stand.UntilAsync("the box to record again", TimeSpan.FromSeconds(20), async () => await stand.ViewAsync() is { } now && now.Recorded > before.Recorded);
    }

    public static async Task ThinningAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        var medium = stand.Own(await Medium.MemoryAsync(stand.In("medium"), 40));
        Put(stand, medium);
        var put = stand.EdgeConfiguration;
        stand.EdgeConfiguration = json =>
        {
            put(json);
            // A page a commit and one reading a block: megabytes fill within a minute.
            json["spool"]!["journal"] = new JsonObject { ["align"] = 4096 };
            json["spool"]!["flushInterval"] = "10ms";
            json["spool"]!["blockReadingsMax"] = 1;
            json["spool"]!["freeFloorBytes"] = "16MiB";
        };
        await medium.FillAsync(22 << 10);
        await stand.StartAsync();
        await stand.Brokers[0].KillAsync();
        var before = (await stand.ViewAsync())!;
        stand.Say($"the line is cut, {before.Recorded} readings recorded; 6 MiB are left above what the box must leave to others");
        var full = before;
        var took = await stand.UntilAsync("the box to thin", TimeSpan.FromSeconds(120), async () => (full = await stand.ViewAsync() ?? full).Tombstoned > 200);
        stand.Say(FormattableString.Invariant($"after {took.TotalSeconds:0} s there is no room: minutes and tombstones stand for {full.Tombstoned} of {full.Recorded} readings ({full.Spool})"));
        stand.Check("sensing went on", full.Streams.Any(stream => stream.AgeMs < 5_000));
        await stand.Brokers[0].StartAsync();
        await stand.UntilAsync("the city to have what is left", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { Waiting: < 100 });
        var minutes = await stand.MinutesAsync();
        stand.Check($"the line is back, and the city has {minutes} records of minutes", minutes > 0);
    }

    public static async Task IoErrorAsync(Stand stand)
    {
        // -D: the daemon keeps the process id, strace is its child.
        stand.EdgePrefix = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,pwrite64", "-e", "inject=fdatasync:error=EIO:when=3+9", "-e", "inject=pwrite64:error=EIO:when=40+200"];
        await stand.StartAsync();
        stand.Say("of each thread of the box the 3rd flush and every 9th after it, the 40th write and every 200th after it fail with EIO");
        await stand.UntilAsync("the box to give a segment up", TimeSpan.FromSeconds(60), async () =>
        {
            await stand.ViewAsync();
            return stand.Edge.LastLines(2000).Contains(SegmentGivenUp, StringComparison.Ordinal);
        });
        stand.Say("the box has given a journal segment up and writes the same records to the next");
        await stand.PauseAsync(6);
    }

    public static async Task RefusingMediumAsync(Stand stand)
    {
        var medium = await SpoolOnExt4Async(stand);
        await stand.UnackedAsync();
        await medium.RefuseAsync();
        stand.Say("the medium refuses every access from now on");
        var alarm = await stand.UntilAsync("the box to say so", AlarmMax, async () => await stand.ViewAsync() is { Spool: not "Ok" } || !stand.Edge.IsRunning);
        stand.Check(FormattableString.Invariant($"the box named it within 10 s ({alarm.TotalSeconds:0.0} s)"), alarm < AlarmMax);
        await stand.Edge.KillAsync();
        await medium.RemountAsync();
        await stand.Edge.StartAsync();
        stand.Say("the medium is back, the box starts again");
    }

    static async Task<Medium> SpoolOnExt4Async(Stand stand)
    {
        var medium = stand.Own(await Medium.Ext4Async(stand.In(), 128));
        Put(stand, medium);
        await stand.StartAsync();
        return medium;
    }

    static void Put(Stand stand, Medium medium)
    {
        Directory.CreateDirectory(Path.Combine(medium.Place, "spool"));
        stand.EdgeConfiguration = json => json["spool"] = new JsonObject { ["directory"] = Path.Combine(medium.Place, "spool"), ["segmentBytes"] = "1MiB" };
    }
}
