using System.Text.Json.Nodes;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens to one of the box's two media: each an ext4 of its own.</summary>
static class MediaDrills
{
    static readonly TimeSpan AlarmMax = TimeSpan.FromSeconds(15);
    static readonly TimeSpan JoinMax = TimeSpan.FromSeconds(60);

    /// <summary>A medium that failed again and again is tried every five minutes at least.</summary>
    static readonly TimeSpan ReturnMax = TimeSpan.FromSeconds(150);

    /// <summary>The stick is pulled and put back; then the card dies, and everything is on the stick.</summary>
    public static async Task UnpluggedAsync(Stand stand)
    {
        var (card, stick) = await TwoMediaAsync(stand);
        await stand.UnackedAsync();
        await stick.PullAsync();
        stand.Say("the stick is pulled");
        var alarm = await stand.UntilAsync("the box to say so", AlarmMax, async () => await stand.ViewAsync() is { } view && IsBad(view.Mirror));
        stand.Check(FormattableString.Invariant($"the box named it within 15 s ({alarm.TotalSeconds:0.0} s): {(await stand.ViewAsync())?.Mirror}"), alarm < AlarmMax);
        var before = await stand.UnackedAsync();
        await stand.PauseAsync(5);
        stand.Check("the box records on", await stand.ViewAsync() is { } now && now.Recorded > before.Recorded);
        var letGo = await stand.UntilAsync("the box to let go of the pulled stick", JoinMax, async () => !await stick.IsHeldAsync());
        stand.Say(FormattableString.Invariant($"nothing of the pulled stick is open any more ({letGo.TotalSeconds:0.0} s)"));
        await stick.PlugAsync();
        stand.Say("the stick is back");
        await JoinedAsync(stand);
        await stand.Edge.StopAsync(TimeProvider.System);
        card.Empty("spool");
        stand.Say("the card died while the box was off: a blank one is in its place, the stick alone has what was recorded");
        await stand.Edge.StartAsync();
        await JoinedAsync(stand);
    }

    /// <summary>The kernel finds the card's file system damaged and lets nothing be written any more.</summary>
    public static async Task ReadOnlyAsync(Stand stand)
    {
        var (card, _) = await TwoMediaAsync(stand);
        var before = await stand.UnackedAsync();
        await card.FindDamagedAsync();
        stand.Say("the kernel finds the card damaged and lets nothing be written any more");
        var alarm = await stand.UntilAsync("the box to say that the stick takes the records", AlarmMax, async () => await stand.ViewAsync() is { Mirror: { } mirror } && mirror.StartsWith("ReadOnly", StringComparison.Ordinal));
        stand.Check(FormattableString.Invariant($"the box named it within 15 s ({alarm.TotalSeconds:0.0} s): {(await stand.ViewAsync())?.Mirror}"), alarm < AlarmMax);
        await stand.UntilAsync("the box to record on", AlarmMax, async () => await stand.ViewAsync() is { } now && now.Recorded > before.Recorded + 20);
        await stand.Edge.KillAsync();
        await card.RemountAsync();
        stand.Say("power off and on: the card is checked and takes writes again");
        await stand.Edge.StartAsync();
        await JoinedAsync(stand);
    }

    /// <summary>No medium is left: readings reach the city from memory; what was not acked is recorded when the stick is back.</summary>
    public static async Task GoneAsync(Stand stand)
    {
        var (card, stick) = await TwoMediaAsync(stand);
        await stand.UnackedAsync();
        await card.PullAsync();
        await stick.PullAsync();
        stand.Say("the card and the stick are pulled");
        var alarm = await stand.UntilAsync("the box to say so", AlarmMax, async () => await stand.ViewAsync() is { Spool: "Volatile" });
        stand.Check(FormattableString.Invariant($"the box named it within 15 s ({alarm.TotalSeconds:0.0} s): {(await stand.ViewAsync())?.State}"), alarm < AlarmMax);
        var (stored, recorded) = (await stand.StoredAsync(), (await stand.ViewAsync())!.Recorded);
        await stand.UntilAsync("readings to reach the city from memory", AlarmMax, async () => await stand.StoredAsync() > stored + 50);
        var view = await stand.ViewAsync();
        stand.Check($"{await stand.StoredAsync() - stored} readings reached the city meanwhile, and none of them is called recorded", view is { } now && now.Recorded == recorded);
        await stand.Bridge.StopAsync(TimeProvider.System);
        stand.Say("the bridge stands still too: what is read now is in memory alone");
        await stand.PauseAsync(4);
        await stand.UntilAsync("the box to let go of the pulled stick", JoinMax, async () => !await stick.IsHeldAsync());
        await stick.PlugAsync();
        stand.Say("the stick is back");
        var back = await stand.UntilAsync("the box to record what was in memory", ReturnMax, async () => await stand.ViewAsync() is { Spool: not "Volatile" } now && now.Recorded > recorded);
        stand.Say(FormattableString.Invariant($"recorded on the stick after {back.TotalSeconds:0.0} s"));
        await stand.Edge.KillAsync();
        await card.PlugAsync();
        stand.Say("power off and on: the card is back too");
        await stand.Bridge.StartAsync();
        await stand.Edge.StartAsync();
        await JoinedAsync(stand);
    }

    static async Task<(Medium Card, Medium Stick)> TwoMediaAsync(Stand stand)
    {
        var card = stand.Own(await Medium.Ext4Async(stand.In("card"), 128));
        var stick = stand.Own(await Medium.Ext4Async(stand.In("stick"), 128));
        Directory.CreateDirectory(Path.Combine(card.Place, "spool"));
        var mirror = Directory.CreateDirectory(Path.Combine(stick.Place, "edgehub")).FullName;
        stand.EdgeConfiguration = json => json["spool"] = new JsonObject
        {
            ["directory"] = Path.Combine(card.Place, "spool"),
            ["segmentBytes"] = "1MiB",
            ["mirror"] = new JsonObject { ["directory"] = mirror },
        };
        await stand.StartAsync();
        var said = await Tools.RunAsync(Programs.Edge, "mirror", "--config", stand.In("edgehub.json"));
        stand.Say($"edgehub mirror: {said.Trim()}");
        await JoinedAsync(stand);
        return (card, stick);
    }

    static async Task JoinedAsync(Stand stand)
    {
        var last = "";
        var took = await stand.UntilAsync("both media to have everything", JoinMax, async () =>
        {
            if (await stand.ViewAsync() is { } view && view.Mirror != last)
                stand.Say($"mirror: {last = view.Mirror}");
            return last == "ok, 0 bytes behind";
        });
        stand.Say(FormattableString.Invariant($"both media have everything after {took.TotalSeconds:0.0} s"));
    }

    static bool IsBad(string mirror) => !mirror.StartsWith("ok", StringComparison.Ordinal) && !mirror.StartsWith("Behind", StringComparison.Ordinal);
}
