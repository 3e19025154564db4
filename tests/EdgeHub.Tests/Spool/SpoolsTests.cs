using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeHub.Tests.Spool;

public sealed class SpoolsTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("edgehub-spool-").FullName;
    readonly PosixDisk disk;
    readonly SpoolLab lab;

    public SpoolsTests()
    {
        disk = new PosixDisk(directory);
        lab = new SpoolLab(disk);
    }

    public void Dispose()
    {
        disk.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_spool_is_born_with_its_catalog_as_record_1()
    {
        using var spools = lab.Open();
        Assert.Empty(spools.Views());
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        var view = Assert.Single(spools.Views());
        Assert.Equal(2ul, view.Head);
        var run = spools.Read(view.Id, 1, 2, 10, 1 << 20)!;
        var first = RecordCodec.TryDecode(run.Records[0], out _)!;
        Assert.Equal("test 1", first.Opening.Writer);
        Assert.Equal(SpoolLab.Catalog, first.Catalog);
        Assert.Equal(1ul, RecordCodec.TryDecode(run.Records[1], out _)!.Block.CatalogNumber);
        Assert.Equal(view.Chain, run.Records.Aggregate(run.ChainBefore, (chain, record) => chain.Then(RecordHash.Of(record.Span))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_recorded_is_read_back_after_a_restart(bool isCleanStop)
    {
        var written = Record(lab.Open(), 200, isCleanStop);
        using var spools = lab.Open();
        var view = Assert.Single(spools.Views());
        Assert.Equal(written.Head, view.Head);
        Assert.Equal(written.Chain, view.Chain);
        Assert.Equal(201, SpoolLab.ReadAll(spools, view).Count);
        Assert.Equal(600ul, spools.Health.WaitingReadings);
    }

    [Fact]
    public void After_a_restart_a_new_spool_names_the_one_before()
    {
        var before = Record(lab.Open(), 3, isCleanStop: true);
        using var spools = lab.Open();
        spools.Append([SpoolLab.Block(9)]);
        var now = Assert.Single(spools.Views(), view => view.IsCurrent);
        Assert.NotEqual(before.Id, now.Id);
        var opening = RecordCodec.TryDecode(spools.Read(now.Id, 1, 1, 1, 1 << 20)!.Records[0], out _)!.Opening;
        Assert.Equal(before.Id, SpoolId.Read(opening.Predecessor.Span));
        Assert.Equal(before.Head, opening.PredecessorLastNumber);
        Assert.Equal(before.Chain, RecordHash.Read(opening.PredecessorChain.Span));
    }

    [Fact]
    public void An_ack_with_the_right_digest_releases_and_outlasts_a_restart()
    {
        var spools = lab.Open();
        for (var i = 0; i < 10; i++)
            spools.Append([SpoolLab.Block(i)]);
        var id = spools.Views()[0].Id;
        Assert.Equal(new ReleaseResult(ReleaseOutcome.Released, 5, 12), SpoolLab.Ack(spools, id, 1, 5));
        Assert.Equal(ReleaseOutcome.AlreadyReleased, SpoolLab.Ack(spools, id, 2, 4).Outcome);
        spools.Dispose();
        using var again = lab.Open();
        Assert.Equal([new NumberRange(6, 11)], again.Views()[0].Waiting);
        Assert.Equal(18ul, again.Health.WaitingReadings);
    }

    [Fact]
    public void An_ack_with_another_digest_or_unknown_numbers_releases_nothing()
    {
        using var spools = lab.Open();
        spools.Append([SpoolLab.Block(1)]);
        var id = spools.Views()[0].Id;
        Assert.Equal(ReleaseOutcome.DigestDiffers, spools.Release(id, [new NumberRange(1, 2)], [], RecordHash.Of([1])).Outcome);
        Assert.Equal(ReleaseOutcome.UnknownNumbers, spools.Release(id, [new NumberRange(1, 3)], [], RecordHash.Of([1])).Outcome);
        Assert.Equal(ReleaseOutcome.UnknownNumbers, spools.Release(id, [new NumberRange(1, 2)], [new NumberRange(2, 2)], RecordHash.Of([1])).Outcome);
        Assert.Equal(ReleaseOutcome.UnknownSpool, spools.Release(new SpoolId(1), [new NumberRange(1, 2)], [], RecordHash.Of([1])).Outcome);
        Assert.Equal([new NumberRange(1, 2)], spools.Views()[0].Waiting);
    }

    [Fact]
    public void Acked_segments_are_recycled_and_the_history_is_served_from_LiteDB()
    {
        using var spools = lab.Open();
        for (var i = 0; i < 3000; i++)
        {
            spools.Append([SpoolLab.Block(i, readings: 200)]);
            if (i % 50 != 49)
                continue;
            var view = spools.Views()[0];
            Assert.True(SpoolLab.Ack(spools, view.Id, view.Waiting[0].First, view.Head).IsReleased);
            lab.Time.Advance(TimeSpan.FromMinutes(2));
            spools.Keep();
        }

        Assert.InRange(spools.Health.JournalBytes, 1, 5 << 20);
        Assert.NotNull(spools.Read(spools.Views()[0].Id, 1, 1, 1, 1 << 20));
        Assert.Contains(disk.List(), name => name.EndsWith(".sealed", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_seal_frees_at_once_is_used_again_and_not_made_anew()
    {
        var memory = new SimulatedDisk();
        var made = 0;
        memory.Before = (operation, name) => made += operation == "create" && name.EndsWith(".journal", StringComparison.Ordinal) ? 1 : 0;
        var small = new SpoolLab(memory) { Options = new SpoolOptions { SegmentBytes = 64 << 10, PackFileBytes = 1 << 20 } };
        using var spools = small.Open();
        var atFirst = 0;
        for (var hour = 0; hour < 5; hour++)
        {
            // Some segments an hour, all held back until the hour's LiteDB file is sealed.
            for (var i = 0; i < 200; i++)
                spools.Append([SpoolLab.Block(i, readings: 500)]);
            var view = spools.Views()[0];
            SpoolLab.Ack(spools, view.Id, view.Waiting[0].First, view.Head);
            small.Time.Advance(TimeSpan.FromHours(2));
            spools.Keep();
            spools.Append([SpoolLab.Block(0)]);
            spools.Keep();
            atFirst = hour == 0 ? made : atFirst;
        }

        Assert.True(atFirst > 4, $"only {atFirst} segments in the first hour");
        Assert.InRange(made, atFirst, atFirst + 3);
    }

    [Theory]
    [InlineData(SpoolClass.Normal)]
    [InlineData(SpoolClass.Local)]
    public void A_segment_that_was_still_written_when_its_history_ended_is_used_again(SpoolClass spoolClass)
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk) { Options = new SpoolOptions { SegmentBytes = 64 << 10, TailBytes = 1, PackFileBytes = 1 << 20, HistoryAge = TimeSpan.FromDays(1) } };
        using var spools = lab.Open();
        for (var day = 0; day < 400; day++)
        {
            // So few that a segment lasts longer than its history: the files go while it is still being written.
            Assert.True(spools.Append([SpoolLab.Block(day, readings: 1000, spoolClass)]));
            foreach (var view in spools.Views())
                if (view.Waiting.Count > 0)
                    SpoolLab.Ack(spools, view.Id, view.Waiting[0].First, view.Head);
            lab.Time.Advance(TimeSpan.FromDays(2));
            spools.Keep();
            spools.Keep();
        }

        Assert.InRange(disk.List().Count(name => name.EndsWith(".journal", StringComparison.Ordinal)), 1, 6);
    }

    static SpoolView Record(Spools spools, int blocks, bool isCleanStop)
    {
        for (var i = 0; i < blocks; i++)
            Assert.True(spools.Append([SpoolLab.Block(i)]));
        var view = Assert.Single(spools.Views());
        if (isCleanStop)
            spools.Dispose();
        return view;
    }

    [Fact]
    public void History_that_was_dated_in_1970_does_not_age_when_the_clock_comes_right()
    {
        var disk = new SimulatedDisk();
        var before = new SpoolLab(disk) { Time = new FakeTimeProvider(DateTimeOffset.UnixEpoch) };
        using (var spools = before.Open())
        {
            Assert.True(spools.Append([SpoolLab.Block(1)]));
            var view = spools.Views()[0];
            Assert.True(SpoolLab.Ack(spools, view.Id, 1, view.Head).IsReleased);
        }

        var after = new SpoolLab(disk, seed: 2);
        using var again = after.Open();
        again.Keep();
        var history = Assert.Single(disk.List(), name => name.EndsWith(".sealed", StringComparison.Ordinal));
        after.Time.Advance(after.Options.HistoryAge + TimeSpan.FromHours(1));
        again.Keep();
        // Until a spool follows it the last words on this one may still have to be counted.
        Assert.Contains(history, disk.List());
        Assert.True(again.Append([SpoolLab.Block(2)]));
        again.Keep();
        Assert.DoesNotContain(history, disk.List());
    }
}
