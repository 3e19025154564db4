using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;
using Record = EdgeHub.Wire.Proto.Record;

namespace EdgeHub.Tests.Spool.Ram;

public sealed class RamRingTests
{
    const int InputOutput = 5; // EIO

    readonly SimulatedDisk disk = new();
    readonly SpoolLab lab;

    public RamRingTests() => lab = new SpoolLab(disk);

    [Fact]
    public void What_no_medium_takes_is_sent_from_memory_and_counts_as_recorded_nowhere()
    {
        using var spools = lab.Open();
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        Die(spools);
        var told = new List<RecordedNotice>();
        spools.Recorded += told.Add;
        spools.Keep([SpoolLab.Block(100), SpoolLab.Block(200, spoolClass: SpoolClass.Urgent)]);

        Assert.Equal(SpoolCondition.Volatile, spools.Health.Condition);
        Assert.Equal(3ul, spools.Health.RecordedReadings);
        Assert.Equal(6ul, spools.Health.Ram.WaitingReadings);
        Assert.All(told, notice => Assert.True(notice.IsVolatile));
        var views = Volatile(spools);
        Assert.Equal([SpoolClass.Normal, SpoolClass.Urgent], views.Select(view => view.Class).Order().Reverse());
        foreach (var view in views)
        {
            // The catalog and the block.
            Assert.Equal(2ul, view.Head);
            Assert.True(Record(spools, view, 1).Opening is { Volatile: true, Predecessor.IsEmpty: true });
            Assert.NotNull(Record(spools, view, 2).Block);
            Assert.True(SpoolLab.Ack(spools, view.Id, 1, 2).IsReleased);
        }

        Assert.Equal(0ul, spools.Health.Ram.WaitingReadings);
    }

    [Fact]
    public void When_a_medium_takes_writes_again_the_rest_is_recorded_in_order_and_outlives_the_power()
    {
        var spools = lab.Open();
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        Die(spools);
        for (var i = 0; i < 8; i++)
            spools.Keep([SpoolLab.Block(100 * i)]);
        var view = Assert.Single(Volatile(spools));
        var before = SpoolLab.ReadAll(spools, view);
        Assert.True(SpoolLab.Ack(spools, view.Id, 1, 4).IsReleased);
        var told = new List<RecordedNotice>();
        spools.Recorded += told.Add;

        disk.Before = null;
        Assert.True(spools.Retry());
        Assert.Equal(SpoolCondition.Ok, spools.Health.Condition);
        // The block that was held, then what was in memory: never what the city has already.
        Assert.Equal([5ul, 6, 7, 8, 9], told.Where(notice => notice.Spool == view.Id).Select(notice => notice.Numbers.First));
        Assert.NotEqual(view.Id, told[0].Spool);
        Assert.All(told, notice => Assert.False(notice.IsVolatile));
        Assert.True(spools.Append([SpoolLab.Block(2)]));
        Assert.Equal(3ul + 3 + 24 + 3, spools.Health.RecordedReadings);
        Assert.False(spools.Health.Ram.IsInUse);
        lab.Abandon();

        var after = disk.Cut(new Random(1));
        using var next = new SpoolLab(after, 2).Open();
        var again = next.Views().Single(one => one.Id == view.Id);
        Assert.Equal([new NumberRange(5, 9)], again.Waiting);
        Assert.Equal(view.Head, again.Head);
        for (var number = 5ul; number <= 9; number++)
            Assert.Equal(before[number], next.Read(view.Id, number, number, 1, 1 << 20)!.Records[0].ToArray());
        Assert.Equal(0ul, next.Health.DamagedRecords);
        Assert.Equal(33ul, next.Health.RecordedReadings);
        var books = next.Views().Single(one => one.Id != view.Id);
        Assert.Contains(Enumerable.Range(1, (int)books.Head), number => Record(next, books, (ulong)number).Books is { LastSequence: 24 } said && said.Spool.Span.SequenceEqual(view.Id.ToByteArray()));
        Assert.True(SpoolLab.Ack(next, view.Id, 5, 9).IsReleased);
    }

    [Fact]
    public void A_power_cut_takes_what_is_in_memory_and_leaves_no_gap_in_what_was_recorded()
    {
        var spools = lab.Open();
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        Die(spools);
        spools.Keep([SpoolLab.Block(100)]);
        lab.Abandon();

        using var next = new SpoolLab(disk.Cut(new Random(1)), 2).Open();
        var view = Assert.Single(next.Views());
        Assert.Equal(2ul, SpoolLab.ReadAll(next, view).Keys.Where(number => number <= 2).Max());
        Assert.Equal(0ul, next.Health.DamagedRecords);
    }

    /// <summary>The commit that records it is cut at each of its operations: all of it is there, or nothing, and nothing is called damaged.</summary>
    [Fact]
    public void A_cut_while_it_is_recorded_leaves_all_of_it_or_nothing()
    {
        var (all, none) = (0, 0);
        for (var operation = 1; operation < 60; operation++)
            for (var seed = 0; seed < 3; seed++)
            {
                var medium = new SimulatedDisk();
                var life = new SpoolLab(medium, seed);
                var spools = life.Open();
                Assert.True(spools.Append([SpoolLab.Block(1)]));
                medium.Before = Refuse;
                Assert.False(spools.Append([SpoolLab.Block(2)]));
                for (var i = 0; i < 20; i++)
                    spools.Keep([SpoolLab.Block(100 * i)]);
                var id = Volatile(spools).Single().Id;
                var left = operation;
                medium.Before = (name, _) =>
                {
                    if (name != "read" && --left == 0)
                        medium.IsOff = true;
                };
                spools.Retry();
                medium.IsOff = true;
                life.Abandon();

                var after = medium.Cut(new Random(seed));
                using var next = new SpoolLab(after, seed + 1000).Open();
                Assert.Equal(0ul, next.Health.DamagedRecords);
                var found = next.Views().SingleOrDefault(view => view.Id == id);
                if (found is null)
                {
                    none++;
                    continue;
                }

                all++;
                Assert.Equal(21, SpoolLab.ReadAll(next, found).Count);
            }

        Assert.True(all > 0 && none > 0, $"{all} whole, {none} gone: one of both was never tried");
    }

    [Fact]
    public void When_memory_is_full_the_oldest_goes_urgent_last_and_a_tombstone_says_which()
    {
        var small = new SpoolLab(disk) { Options = lab.Options with { RamBytes = 64 << 10 } };
        using var spools = small.Open();
        Die(spools);
        spools.Keep([SpoolLab.Block(1, 3, SpoolClass.Urgent)]);
        for (var i = 0; i < 400; i++)
            spools.Keep([SpoolLab.Block(i * 1000, 100)]);

        var health = spools.Health.Ram;
        Assert.InRange(health.Bytes, 1, 64 << 10);
        Assert.Equal(40_003ul, health.Taken);
        Assert.Equal(health.Taken, health.WaitingReadings + health.Lost);
        Assert.Contains("found no room", spools.Health.Sentence, StringComparison.Ordinal);
        var normal = Volatile(spools).Single(view => view.Class == SpoolClass.Normal);
        Assert.Empty(Volatile(spools).Single(view => view.Class == SpoolClass.Urgent).Tombstoned);
        // Every number is there or in exactly one tombstone, with its readings.
        var records = SpoolLab.ReadAll(spools, normal);
        var graves = records.Values.Select(bytes => RecordCodec.TryDecode(bytes, out _)!).Where(record => record.Tombstone is not null).Select(record => record.Tombstone).ToList();
        var named = new RangeSet(graves.Select(grave => new NumberRange(grave.FirstNumber, grave.LastNumber)));
        Assert.Equal(normal.Head, named.Count + (ulong)records.Count);
        Assert.Equal(health.Lost, graves.Aggregate(0UL, (sum, grave) => sum + grave.Counts.Single().Count));
        Assert.All(graves, grave => Assert.Equal(TombstoneReason.Dropped, grave.Reason));

        disk.Before = null;
        Assert.True(spools.Retry());
        Assert.Equal(health.Lost, spools.Health.TombstonedReadings);
        Assert.Equal(40_003ul + 3, spools.Health.RecordedReadings);
        Assert.Equal(spools.Health.RecordedReadings, spools.Health.WaitingReadings + spools.Health.TombstonedReadings);
    }

    [Fact]
    public void Nothing_on_a_medium_that_answers_nothing_is_called_damaged()
    {
        var small = new SpoolLab(disk) { Options = lab.Options with { TailBytes = 100 } };
        using var spools = small.Open();
        for (var i = 0; i < 10; i++)
            Assert.True(spools.Append([SpoolLab.Block(i)]));
        var view = Assert.Single(spools.Views());
        disk.Before = Refuse;
        // Read before any commit found out.
        Assert.Null(spools.Read(view.Id, 3, 5, 10, 1 << 20));
        Assert.False(spools.Append([SpoolLab.Block(99)]));
        Assert.Null(spools.Read(view.Id, 3, 5, 10, 1 << 20));

        disk.Before = null;
        Assert.True(spools.Retry());
        Assert.Equal(0ul, spools.Health.DamagedRecords);
        Assert.Equal(3, spools.Read(view.Id, 3, 5, 10, 1 << 20)!.Records.Count);
    }

    static IReadOnlyList<SpoolView> Volatile(Spools spools) => [.. spools.Views().Where(view => Record(spools, view, 1) is { Opening.Volatile: true })];

    static Record Record(Spools spools, SpoolView view, ulong number) =>
        spools.Read(view.Id, number, number, 1, 1 << 20) is { } run ? RecordCodec.TryDecode(run.Records[0], out _)! : new Record();

    static void Refuse(string operation, string name) => throw new IOException("input/output error", InputOutput);

    // From now on every operation fails; one block is held.
    void Die(Spools spools)
    {
        disk.Before = Refuse;
        Assert.False(spools.Append([SpoolLab.Block(2)]));
    }
}
