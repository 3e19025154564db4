using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Spool;

public sealed class LateAckTests
{
    static readonly SpoolOptions Small = new() { SegmentBytes = 64 << 10, TailBytes = 16 << 10, PackFileBytes = 256 << 10, QuotaBytes = 1 << 20 };

    readonly SimulatedDisk disk = new();
    readonly Dictionary<ulong, (RecordHash Hash, ulong Readings)> recorded = [];
    ReleaseResult? released;
    Thread? city;

    /// <summary>Room is made, and while the tombstones are on their way to the medium the city says that it has those readings.</summary>
    [Fact(Timeout = 60_000)]
    public void An_ack_that_comes_while_the_tombstone_is_written_is_counted_once()
    {
        var lab = new SpoolLab(disk) { Options = Small };
        using var spools = lab.Open();
        spools.Recorded += notice =>
        {
            for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
            {
                var run = spools.Read(notice.Spool, number, number, 1, 1 << 20)!;
                recorded[number] = (RecordHash.Of(run.Records[0].Span), run.Readings);
            }
        };
        disk.Before = (operation, name) =>
        {
            if (operation == "sync" && name.EndsWith(".journal", StringComparison.Ordinal) && city is null)
                AckWhatIsBeingBuried(spools);
        };
        for (var i = 0; i < 6000 && city is null; i++)
        {
            Assert.True(spools.Append([SpoolLab.Block(i * 7919 % 10_000, readings: 200)]), spools.Health.Sentence);
            lab.Time.Advance(TimeSpan.FromSeconds(2));
            if (i % 5 == 0)
                spools.Keep();
        }

        Assert.NotNull(city);
        city.Join();
        // Where the segment is gone before the ack had its turn, nobody can tell whether it is right, and the tombstone stands.
        Assert.True(released?.Outcome is ReleaseOutcome.Released or ReleaseOutcome.Unreadable, $"{released}");
        var view = spools.Views()[0];
        Assert.All(view.Acked, range => Assert.Empty(view.Tombstoned.Within(range)));
        var health = spools.Health;
        var stored = ReadingsOf(view.Acked);
        Assert.Equal(health.RecordedReadings, health.WaitingReadings + health.TombstonedReadings + stored);
    }

    // On the thread that is about to flush them. The ack goes its way until it waits or is done with.
    void AckWhatIsBeingBuried(Spools spools)
    {
        if (spools.Views() is not [var view, ..] || !view.Tombstoned.IsEmpty)
            return;
        var buried = new RangeSet(new RangeSet(view.Waiting).GapsIn(new NumberRange(1, view.Head)));
        if (buried.IsEmpty)
            return;
        var digest = RecordHash.DigestOf(recorded.Where(record => buried.Contains(record.Key)).OrderBy(record => record.Key).Select(record => record.Value.Hash));
        city = new Thread(() => released = spools.Release(view.Id, [.. buried], [], digest));
        city.Start();
        SpinWait.SpinUntil(() => !city.IsAlive || city.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
    }

    ulong ReadingsOf(RangeSet numbers) => recorded.Where(record => numbers.Contains(record.Key)).Aggregate(0UL, (sum, record) => sum + record.Value.Readings);
}
