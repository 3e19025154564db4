namespace EdgeHub.Tests.EndToEnd;

/// <summary>
/// The plug is pulled under a real ext4 while the spool writes. Where no loop device can be mounted, the cuts of unsynced
/// sectors in memory (Spool/FaultTests) are what is left.
/// </summary>
[Collection("whole machine")]
public sealed class PowerCutTests
{
    /// <summary>EDGEHUB_POWER_CUTS=1000 for a campaign, or the command in the README.</summary>
    [Fact(Timeout = 7_200_000)]
    public async Task A_power_cut_takes_nothing_that_was_recorded()
    {
        var cuts = Programs.Size("EDGEHUB_POWER_CUTS", 20);
        var tally = await RunAsync($"{cuts}");
        Assert.Equal((0L, 0L), (tally.Number("lost"), tally.Number("unopenable")));
        // A cut before the first promise proves nothing.
        Assert.Equal(cuts, tally.Number("withAcks"));
    }

    [Fact(Timeout = 7_200_000)]
    public async Task A_power_cut_on_two_media_takes_nothing_that_was_recorded()
    {
        var cuts = Programs.Size("EDGEHUB_POWER_CUTS", 10);
        var tally = await RunAsync($"{cuts}", "--media", "2");
        Assert.Equal((0L, 0L), (tally.Number("lost"), tally.Number("unopenable")));
        Assert.Equal(cuts, tally.Number("withAcks"));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_harness_goes_red_when_the_fsync_is_removed() =>
        Assert.True((await RunAsync("3", "--without-fsync")).Number("lost") > 0);

    [Fact(Timeout = 120_000)]
    public async Task The_harness_goes_red_when_LiteDB_is_the_only_copy() =>
        Assert.True((await RunAsync("3", "--litedb-alone")).Number("lost") > 0);

    static async Task<System.Text.Json.JsonElement> RunAsync(params string[] arguments)
    {
        var (exitCode, lines) = await Programs.RunAsync(Programs.Simulation, ["powercut", .. arguments], TestContext.Current.CancellationToken);
        Assert.SkipWhen(exitCode == 2, "The power cannot be cut here: that needs root, loop devices and the Debian packages e2fsprogs and xfsprogs.");
        return Programs.LastLine(lines);
    }
}
