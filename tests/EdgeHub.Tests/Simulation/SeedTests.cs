using EdgeHub.Simulation;
using EdgeHub.Simulation.Faults;
using EdgeHub.Simulation.World;

namespace EdgeHub.Tests.Simulation;

/// <summary>The simulator on few seeds; <c>.ci/run</c> runs thousands.</summary>
public sealed class SeedTests : IDisposable
{
    const int Seconds = 1000;

    readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("edgehub-seeds-");

    public void Dispose() => scratch.Delete(recursive: true);

    [Fact(Timeout = 120 * Seconds)]
    public Task What_was_recorded_arrives_exactly_once_whatever_the_seed_draws() => Apart(() =>
    {
        var tally = new Seeds(scratch.FullName).RunAll(1, 150, threads: 1, TimeProvider.System, result => TestContext.Current.SendDiagnosticMessage($"seed {result.Seed}: {result.Failure}"));
        Assert.True(tally.IsGreen, tally.ToJson());
    });

    [Theory(Timeout = 60 * Seconds)]
    [InlineData(3)]
    [InlineData(4)]
    public Task The_same_seed_tells_the_same_story(ulong seed) => Apart(() =>
    {
        var seeds = new Seeds(scratch.FullName, liteDb: true);
        var first = seeds.Run(seed);
        Assert.Equal(first, seeds.Run(seed));
        Assert.NotEqual(first.Hash, seeds.Run(seed + 1).Hash);
    });

    // Numbers of seeds change their meaning when the menu of faults grows: what once failed is written down as a storm.
    [Fact(Timeout = 60 * Seconds)]
    public Task What_a_restored_database_has_lost_is_sent_again() => Holds(90, (20, "backup taken"), (60, "backup restored"));

    [Fact(Timeout = 60 * Seconds)]
    public Task Old_acks_that_come_after_a_restore_release_nothing_for_good() => Holds(120, (10, "backup taken"), (20, "acks late"), (30, "messages out of order"), (60, "backup restored"), (70, "power"));

    // LiteDB's files are deleted for age, and the power is cut: a file that came back would count its spools twice.
    [Fact(Timeout = 60 * Seconds)]
    public Task The_books_balance_after_history_is_deleted_and_the_power_cut() => Apart(() =>
    {
        for (var seed = 1UL; seed <= 12; seed++)
            Assert.Null(new Seeds(scratch.FullName, liteDb: true).RunScript(
                seed,
                FaultPlan.Of(150, (10, "sync error"), (20, "restart"), (30, "sync error"), (45, "restart"), (60, "history ages"), (75, "power"), (100, "power"), (120, "power")),
                setup => setup with { Spool = setup.Spool with { BareSpoolsMax = 0 } }).Failure);
    });

    [Fact(Timeout = 60 * Seconds)]
    public Task What_the_box_no_longer_has_when_a_database_is_restored_gets_a_tombstone() => Apart(() =>
    {
        for (var seed = 1UL; seed <= 12; seed++)
            Assert.Null(new Seeds(scratch.FullName, liteDb: true).RunScript(seed, FaultPlan.Of(150, (10, "backup taken"), (40, "restart"), (60, "clock a year off"), (80, "restart"), (110, "backup restored"))).Failure);
    });

    // Nothing that was in memory only is called recorded; what is stored of it is stored once; and the books balance.
    [Theory(Timeout = 60 * Seconds)]
    [InlineData("media refuse")]
    [InlineData("media read-only")]
    [InlineData("media unplugged")]
    [InlineData("disk refuses")]
    public Task With_every_medium_gone_readings_reach_the_city_and_the_books_balance(string fault) => Apart(() =>
    {
        var kept = 0;
        for (var seed = 1UL; seed <= 8; seed++)
        {
            var result = new Seeds(scratch.FullName).RunScript(
                seed,
                FaultPlan.Of(240, (10, fault), (40, "messages lost"), (100, fault), (130, "power"), (150, fault), (160, "box cut off")),
                setup => fault.StartsWith("media", StringComparison.Ordinal) ? setup.WithMirror(new Chance(seed)) : setup);
            Assert.Null(result.Failure);
            kept += result.Volatile;
        }

        Assert.True(kept > 0, "No reading was ever in memory only.");
    });

    [Fact(Timeout = 60 * Seconds)]
    public Task A_boot_in_1970_gets_the_right_times_once_the_clock_is_right() => Holds(120, (20, "boot in 1970"), (60, "kill"));

    [Fact(Timeout = 60 * Seconds)]
    public Task Forged_and_foreign_acks_release_nothing() => Holds(120, (10, "foreign bridge"), (20, "messages lost"), (40, "acks forged"), (50, "broker restarts empty"), (60, "acks forged"));

    [Theory(Timeout = 120 * Seconds)]
    [InlineData(nameof(Sabotage.LiteDbAlone))]
    [InlineData(nameof(Sabotage.NoFsync))]
    [InlineData(nameof(Sabotage.HiddenFsyncError))]
    [InlineData(nameof(Sabotage.DeleteOnPubAck))]
    [InlineData(nameof(Sabotage.AckBeforeCommit))]
    [InlineData(nameof(Sabotage.MissingResend))]
    [InlineData(nameof(Sabotage.StoreIdIgnored))]
    [InlineData(nameof(Sabotage.DigestIgnored))]
    [InlineData(nameof(Sabotage.NumbersReused))]
    [InlineData(nameof(Sabotage.LosesRow))]
    [InlineData(nameof(Sabotage.CountsTooMany))]
    public Task The_simulator_goes_red_when_a_rule_is_broken(string rule) => Apart(() =>
    {
        var seeds = new Seeds(scratch.FullName, sabotage: Enum.Parse<Sabotage>(rule));
        Assert.Contains(Enumerable.Range(1, 100), seed => seeds.Run((ulong)seed).IsPromiseBroken);
    });

    [Fact(Timeout = 120 * Seconds)]
    public Task After_a_week_without_the_line_live_data_is_current_while_the_backlog_drains() => Apart(() =>
    {
        var result = new Seeds(scratch.FullName).RunOutage(1, TimeSpan.FromDays(7), TimeSpan.FromSeconds(10), bytesPerSecond: 64_000 / 8);
        Assert.Null(result.Failure);
        Assert.True(result.LiveAmongBacklog > 0, "No live reading was stored while old ones were under way.");
        Assert.True(result.Lag < SeedCommand.LagMax, $"Live data lags by {result.Lag}.");
    });

    Task Holds(int seconds, params (int At, string Fault)[] script) => Apart(() =>
    {
        for (var seed = 1UL; seed <= 8; seed++)
            if (new Seeds(scratch.FullName).RunScript(seed, FaultPlan.Of(seconds, script)).Failure is { } failure)
                Assert.Fail($"seed {seed}: {failure}");
    });

    // A world belongs to one thread, and a test with a time limit must not be that thread.
    static Task Apart(Action run) => Task.Run(run, TestContext.Current.CancellationToken);
}
