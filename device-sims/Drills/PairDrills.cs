using System.Text.Json.Nodes;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What happens to one of two boxes on one bus.</summary>
static class PairDrills
{
    /// <summary>What the boxes are told; the bus is asked each second.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>What comes on top until it is seen: the last readings that were not flushed yet, the next due time, the look at the status.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    /// <summary>Three seconds of the bus: both may read a value as their own before one hears the other.</summary>
    const long ReadByBothMax = 50;

    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(40);

    public static async Task StandbyAsync(Stand stand)
    {
        stand.BoxCount = 2;
        stand.EdgeConfiguration = json => json["standby"] = new JsonArray(new JsonObject
        {
            ["port"] = json["sensors"]!.AsArray()[^1]!["port"]!.GetValue<string>(),
            ["role"] = json["gateway"]!["id"]!.GetValue<string>() == "drill-box" ? "preferred" : "standby",
            ["silence"] = FormattableString.Invariant($"{Silence.TotalSeconds}s"),
        });
        await stand.StartAsync();
        var (first, second) = (stand.Boxes[0], stand.Boxes[1]);
        await BecomesAsync(stand, first, "active");
        await stand.UntilAsync("the second box to overhear", WaitMax, async () => await second.ViewAsync() is { SharedLine: "listening", Recorded: > 0 });
        stand.Say("the preferred box asks, the other one listens and records what it overhears");

        await first.Process.KillAsync();
        stand.Say("kill -9 of the box that asks");
        Within(stand, "the other one asks", await BecomesAsync(stand, second, "active"));
        await first.Process.StartAsync();
        await BecomesAsync(stand, first, "listening");
        await stand.PauseAsync(Silence.TotalSeconds);
        stand.Check("the first box is back, listens, and leaves the line to the other", await first.ViewAsync() is { SharedLine: "listening" } && await second.ViewAsync() is { SharedLine: "active" });

        second.Process.Freeze();
        stand.Say("the box that asks stands still");
        Within(stand, "the first one asks again", await BecomesAsync(stand, first, "active"));
        second.Process.Thaw();
        // Mostly the one that stood still finds that it did; where its question is already on the wire the other one gives way.
        await OneAsksAsync(stand);
        await stand.PauseAsync(1);
        await OneAsksAsync(stand);
        stand.Say($"the box that stood still goes on, and {(await first.ViewAsync() is { SharedLine: "active" } ? "it" : "the other one")} listens");
        await stand.TellSimsAsync("cut ttyBUS0.2");
        stand.Say("the wires to the second box break: it hears nobody");
        await BecomesAsync(stand, first, "active");
        await BecomesAsync(stand, second, "active");
        stand.Say("now both ask, the second one in vain");
        await stand.TellSimsAsync("mend ttyBUS0.2");
        stand.Say("the wires are mended");
        var took = await OneAsksAsync(stand);
        stand.ReadByBothMax = ReadByBothMax;
        stand.Check(FormattableString.Invariant($"one of both steps down within the silence ({took.TotalSeconds:0.0} s)"), took < Silence + Slack);
        await stand.PauseAsync(1);
        var (overheard, gap) = await stand.PairAsync("noise1");
        stand.Check($"what was overheard is stored ({overheard} readings) and in the view of all alone", overheard > 0);
        stand.Check(FormattableString.Invariant($"the default view lacks no more than the silence ({gap.TotalSeconds:0.0} s)"), gap < Silence + Slack);
    }

    static Task<TimeSpan> OneAsksAsync(Stand stand) => stand.UntilAsync("one of both to ask and the other to listen", WaitMax,
        async () => await stand.Boxes[0].ViewAsync() is { SharedLine: var one } && await stand.Boxes[1].ViewAsync() is { SharedLine: var other } && (one == "active") != (other == "active"));

    static Task<TimeSpan> BecomesAsync(Stand stand, DrillBox box, string state) =>
        stand.UntilAsync($"{box.Gateway} to be {state}", WaitMax, async () => await box.ViewAsync() is { } view && view.SharedLine == state);

    static void Within(Stand stand, string what, TimeSpan took) =>
        stand.Check(FormattableString.Invariant($"{what} within the silence ({took.TotalSeconds:0.0} s)"), took < Silence + Slack);
}
