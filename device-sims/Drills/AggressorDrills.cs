using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What people and strangers do: old images put back, cards copied, a second bridge on the broker, acks that are none, a database thrown away.</summary>
static class AggressorDrills
{
    const string Acks = "edgehub/v1/drill-box/ack";

    // Events of the guide, as the logs name them.
    const string RestoredImage = "[406]", ForeignAck = "[314]", AckReleasedNothing = "[313]", NoAck = "[315]";

    static readonly TimeSpan FoundMax = TimeSpan.FromSeconds(20);

    public static async Task RestoredImageAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        await stand.Edge.StopAsync(TimeProvider.System);
        await Tools.RunAsync("cp", "-a", stand.In("edge"), stand.In("image"));
        var image = await stand.Books.BoxRecordedAsync();
        stand.Say($"the box is stopped and an image of its medium is made, with {image} readings recorded");
        await stand.Edge.StartAsync();
        await stand.UntilAsync("readings behind the image", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { } view && view.Recorded > image + 200);
        await stand.DrainSensorsAsync();
        // Its last word must have reached the city too: it goes with the medium.
        await stand.Books.WholeAsync((await stand.ViewAsync())!.Recorded);
        await stand.Edge.StopAsync(TimeProvider.System);
        var delivered = await stand.Books.BoxRecordedAsync();
        Directory.Delete(stand.In("edge"), recursive: true);
        await Tools.RunAsync("cp", "-a", stand.In("image"), stand.In("edge"));
        stand.RecordedElsewhere = delivered - image;
        await stand.Edge.StartAsync();
        await stand.ResumeSensorsAsync();
        stand.Say($"the image is put back: the box knows nothing of the {delivered - image} readings since, which are in the city");
        await LogsAsync(stand, stand.Bridge, RestoredImage, "the bridge names the restored image");
        var stored = await stand.StoredAsync();
        await stand.UntilAsync("new readings in the city", FoundMax, async () => await stand.StoredAsync() > stored + 50);
    }

    public static async Task ClonedCardAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        // Both have records that nobody acked.
        stand.Brokers[0].Freeze();
        await stand.UntilAsync("readings without ack", FoundMax, async () => await stand.ViewAsync() is { Waiting: > 30 });
        await stand.Edge.StopAsync(TimeProvider.System);
        await Tools.RunAsync("cp", "-a", stand.In("edge"), stand.In("clone"));
        stand.Brokers[0].Thaw();
        var clone = JsonNode.Parse(await File.ReadAllTextAsync(stand.In("edgehub.json")))!.AsObject();
        clone["dataDirectory"] = stand.In("clone");
        clone["sensors"] = new JsonArray();
        DemoFiles.Write(stand.In("clone.json"), clone);
        await stand.Edge.StartAsync();
        var second = stand.Beside("clone", Programs.Edge, "run", "--config", stand.In("clone.json"));
        await second.StartAsync();
        stand.Say("the card is copied and a second box runs from the copy, with the same id and the same spool");
        var state = "";
        await stand.UntilAsync("a box to name it", FoundMax, async () => (state = (await stand.ViewAsync())?.State ?? "").Contains("gateway id", StringComparison.Ordinal));
        stand.Check($"the box names the second one ({state})", true);
        await stand.PauseAsync(3);
        await second.KillAsync();
        stand.Say("the second box is switched off");
        await stand.UntilAsync("the first to deliver alone", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { Uplink: "Delivering", Waiting: < 200 });
    }

    public static async Task ForeignBridgeAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        await stand.UntilAsync("acks", FoundMax, async () => await stand.ViewAsync() is { } view && view.Recorded - view.Waiting > 20);
        var file = stand.In("foreign.json");
        DemoFiles.Write(file, new JsonObject
        {
            ["dataDirectory"] = stand.In("foreign"),
            ["broker"] = new JsonObject { ["kind"] = "external", ["broker"] = $"mqtt://{stand.BrokerAddress}:{stand.Brokers[0].Port}", ["reconnectMax"] = "1s" },
            ["store"] = new JsonObject { ["kind"] = "sqlite", ["file"] = stand.In("foreign.db") },
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        });
        var foreign = stand.Beside("foreign bridge", Programs.Bridge, "run", "--config", file);
        await foreign.StartAsync();
        stand.Say("somebody starts a demonstration bridge, with a store of its own, on the city's broker");
        await LogsAsync(stand, stand.Edge, ForeignAck, "the box names the foreign store");
        await stand.Bridge.KillAsync();
        var before = await stand.UnackedAsync();
        stand.Say("the city's own bridge is killed: only the foreign one acks now");
        await stand.UntilAsync("the box to say so", TimeSpan.FromSeconds(40), async () => await stand.ViewAsync() is { Uplink: "ForeignStore" });
        var view = before;
        await stand.UntilAsync("more readings that only the foreign store acks", FoundMax, async () => (view = await stand.ViewAsync() ?? view).Waiting >= before.Waiting + 100);
        stand.Check($"the box keeps everything that only the foreign store acked ({view.Waiting} readings wait, {before.Waiting} before)", true);
        await foreign.KillAsync();
        await stand.Bridge.StartAsync();
        stand.Say("the foreign bridge is stopped, the city's is back");
        await stand.UntilAsync("the box to deliver again", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { Uplink: "Delivering", Waiting: < 200 });
    }

    public static async Task ForgedAcksAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        string[] broker = ["-h", stand.BrokerAddress, "-p", $"{stand.Brokers[0].Port}", "-t", Acks];
        var heard = (await Tools.RunAsync("mosquitto_sub", [.. broker, "-C", "8", "-W", "30"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        stand.Bridge.Freeze();
        // An honest ack may be on its way still.
        await stand.PauseAsync(2);
        await stand.UntilAsync("readings without ack", FoundMax, async () => await stand.ViewAsync() is { Waiting: > 50 });
        var before = (await stand.ViewAsync())!;
        stand.Say($"the bridge stands still, {before.Waiting} readings without ack; {heard.Length} old acks were written down");
        foreach (var forged in Forgeries(heard[^1]).Concat(heard).Concat(heard.Reverse()))
            await Tools.RunAsync("mosquitto_pub", [.. broker, "-m", forged]);
        stand.Say("somebody who may publish forges acks of this store and of another, with wrong digests and numbers nobody recorded, and says the old ones twice again");
        await LogsAsync(stand, stand.Edge, AckReleasedNothing, "the box names acks that released nothing");
        await LogsAsync(stand, stand.Edge, ForeignAck, "the box names the foreign store");
        await LogsAsync(stand, stand.Edge, NoAck, "the box names what is no ack");
        var after = await stand.UnackedAsync();
        stand.Check($"nothing was released ({after.Waiting} readings wait, {before.Waiting} before)", after.Waiting >= before.Waiting);
        stand.Bridge.Thaw();
        await stand.UntilAsync("the box to deliver again", TimeSpan.FromSeconds(60), async () => await stand.ViewAsync() is { Waiting: < 200 });
    }

    public static async Task DatabaseLostAsync(Stand stand)
    {
        stand.BrokerCount = 1;
        await stand.StartAsync();
        await stand.UntilAsync("acks", FoundMax, async () => await stand.ViewAsync() is { } view && view.Recorded - view.Waiting > 100);
        await stand.Bridge.KillAsync();
        var lost = await stand.StoredAsync();
        foreach (var file in Directory.EnumerateFiles(stand.In(), "city.db*"))
            File.Delete(file);
        await stand.Bridge.StartAsync();
        stand.Say($"the bridge's database is deleted, {lost} readings with it; the bridge makes a new one");
        await LogsAsync(stand, stand.Edge, ForeignAck, "the box names the store it does not know");
        await stand.UntilAsync("the box to say what to do", TimeSpan.FromSeconds(40), async () => await stand.ViewAsync() is { Uplink: "ForeignStore" });
        stand.Check("nothing is released to it", await stand.ViewAsync() is { Waiting: > 0 });
        var json = JsonNode.Parse(await File.ReadAllTextAsync(stand.In("edgehub.json")))!.AsObject();
        json["uplink"]!["storeId"] = StoreIdIn(stand.Edge.LastLines(5000));
        DemoFiles.Write(stand.In("edgehub.json"), json);
        await stand.Edge.StopAsync(TimeProvider.System);
        await stand.Edge.StartAsync();
        stand.Say("the operator sets uplink.storeId to the new store's id: what the old one had acked is asked for");
        await stand.UntilAsync("what was lost to come again", TimeSpan.FromSeconds(90), async () => await stand.StoredAsync() > lost);
    }

    // Of this store and this spool with the digest of others; the same of another store; numbers that do not exist; a claim that all is missing, by a stranger; and no ack at all.
    static IEnumerable<string> Forgeries(string real)
    {
        using var json = JsonDocument.Parse(real);
        var store = json.RootElement.GetProperty("store").GetString()!;
        var spool = json.RootElement.GetProperty("spool").GetString()!;
        var digest = json.RootElement.GetProperty("digest").GetString()!;
        foreach (var (by, numbers, missing) in new[] { (store, "[[1,100]]", "[]"), (store, "[[1,1000000]]", "[]"), ("0000000000000000000000000000000f", "[[1,100]]", "[]"), ("0000000000000000000000000000000f", "[]", "[[1,100]]") })
            yield return $$"""{"v":1,"store":"{{by}}","spool":"{{spool}}","stored":{{numbers}},"setAside":[],"digest":"{{digest}}","missing":{{missing}}}""";
        yield return """{"v":1,"store":""";
    }

    static async Task LogsAsync(Stand stand, Child process, string id, string what)
    {
        var took = await stand.UntilAsync(what, FoundMax, () => Task.FromResult(process.LastLines(5000).Contains(id, StringComparison.Ordinal)));
        stand.Check(FormattableString.Invariant($"{what} within {took.TotalSeconds:0.0} s (event {id.Trim('[', ']')})"), true);
    }

    // As the operator finds it, in the line that the box has written about it.
    static string StoreIdIn(string log) => log.Split("from the store ", StringSplitOptions.None)[^1].Split(';')[0];
}
