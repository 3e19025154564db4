using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

/// <summary>A spool whose quota is reached while nobody acks: recording never stops, and every reading is there or spoken for.</summary>
public sealed class FullnessTests
{
    const int Quota = 2 << 20;

    static readonly SpoolOptions Small = new() { SegmentBytes = 64 << 10, TailBytes = 16 << 10, PackFileBytes = 256 << 10, QuotaBytes = Quota };

    [Fact]
    public void The_oldest_normal_readings_become_minutes_urgent_ones_stay_and_the_books_balance()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk) { Options = Small };
        var spools = lab.Open();
        var urgent = Fill(lab, spools, disk, blocks: 6000, msPerReading: 20);
        var health = spools.Health;
        Assert.Equal(SpoolCondition.Thinning, health.Condition);
        Assert.True(health.ThinnedReadings > 100_000, $"{health.ThinnedReadings} thinned");
        Assert.Equal(0ul, health.DroppedReadings);
        AssertBalanced(spools);
        foreach (var (spool, number, bytes) in urgent)
            Assert.Equal(bytes, spools.Read(spool, number, number, 1, 1 << 20)!.Records[0].ToArray());

        // What stands for them: tombstones with exact counts, and minutes with as many values.
        var records = Records(spools);
        var tombstones = records.Where(record => record.Tombstone is not null).Select(record => record.Tombstone).ToList();
        Assert.All(tombstones, tombstone => Assert.Equal(TombstoneReason.Thinned, tombstone.Reason));
        Assert.Equal(health.TombstonedReadings, tombstones.Aggregate(0UL, (sum, tombstone) => sum + tombstone.LastSequence - tombstone.FirstSequence + 1));
        Assert.Equal(health.TombstonedReadings, tombstones.SelectMany(tombstone => tombstone.Counts).Aggregate(0UL, (sum, count) => sum + count.Count));
        Assert.All(tombstones.SelectMany(tombstone => tombstone.Counts), count => Assert.Equal(("air-1", "pm2_5"), (count.Sensor, count.Quantity)));
        var minutes = records.Where(record => record.Aggregates is not null).SelectMany(record => record.Aggregates.Minutes).ToLookup(minute => minute.Origin);
        Assert.Equal(health.TombstonedReadings, minutes.Aggregate(0UL, (sum, origin) => sum + Count(origin)));
        // What was overheard, a quarter, stands apart from what was asked for.
        Assert.Equal(3 * Count(minutes[Origin.Overheard]), Count(minutes[Origin.Active]));

        // The same after a power cut, and the city can still take all that is left.
        lab.Abandon();
        disk = disk.Cut(new Random(5));
        lab = new SpoolLab(disk, 2) { Options = Small };
        using var again = lab.Open();
        AssertBalanced(again);
        Assert.InRange(again.Health.TombstonedReadings, health.TombstonedReadings, health.TombstonedReadings + 40_000);
        foreach (var view in again.Views())
            foreach (var range in view.Waiting)
                Assert.Equal(ReleaseOutcome.Released, SpoolLab.Ack(again, view.Id, range.First, range.Last).Outcome);
        Assert.Equal(0ul, again.Health.WaitingReadings);
        lab.Time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 10; i++)
        {
            Assert.True(again.Append([Block(i, 20)]));
            again.Keep();
        }

        Assert.Equal(SpoolCondition.Ok, again.Health.Condition);
    }

    [Fact]
    public void What_minutes_would_not_make_smaller_is_dropped_with_its_counts_and_urgent_readings_last()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk) { Options = Small };
        using var spools = lab.Open();
        // A reading a minute: a minute is no shorter than what it stands for.
        var urgent = Fill(lab, spools, disk, blocks: 4000, msPerReading: 60_000);
        var health = spools.Health;
        Assert.Equal(SpoolCondition.Dropping, health.Condition);
        Assert.Equal(0ul, health.ThinnedReadings);
        AssertBalanced(spools);
        var tombstones = Records(spools).Where(record => record.Tombstone is not null).Select(record => record.Tombstone).ToList();
        Assert.All(tombstones, tombstone => Assert.Equal(TombstoneReason.Dropped, tombstone.Reason));
        Assert.Equal(health.DroppedReadings, tombstones.SelectMany(tombstone => tombstone.Counts).Aggregate(0UL, (sum, count) => sum + count.Count));
        foreach (var (spool, number, bytes) in urgent)
            Assert.Equal(bytes, spools.Read(spool, number, number, 1, 1 << 20)!.Records[0].ToArray());

        for (var i = 0; i < 6000; i++)
        {
            Assert.True(spools.Append([SpoolLab.Block(i, 300, SpoolClass.Urgent)]), spools.Health.Sentence);
            if (i % 5 == 0)
                spools.Keep();
        }

        AssertBalanced(spools);
        Assert.Contains(spools.Views(), view => view.Class == SpoolClass.Urgent && !view.Tombstoned.IsEmpty);
    }

    /// <summary>The power goes at a random operation while room is made: what Append said true for is there, or a tombstone stands for it.</summary>
    [Fact]
    public void A_power_cut_while_room_is_made_takes_nothing_that_nobody_speaks_for()
    {
        var tombstoned = 0UL;
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var disk = new SimulatedDisk();
            var recorded = new List<(SpoolId Spool, ulong Number)>();
            for (var life = 0; life < 3; life++)
            {
                var left = random.Next(2000, 6000);
                var isDead = false;
                disk.Before = (_, _) =>
                {
                    isDead |= --left < 0;
                    if (isDead)
                        throw new PowerCutException();
                };
                var lab = new SpoolLab(disk, (seed * 10) + life) { Options = Small with { QuotaBytes = 1 << 20 } };
                try
                {
                    Record(lab, recorded);
                }
                catch (PowerCutException)
                {
                    // That was the end of this life.
                }

                disk.Before = null;
                lab.Abandon();
                disk = disk.Cut(random);
            }

            using var spools = new SpoolLab(disk, 1000 + seed) { Options = Small with { QuotaBytes = 1 << 20 } }.Open();
            // What opening had to let go of may have been refused; the next rounds bring it through.
            var isTaken = spools.Append([Block(1, 20)]);
            for (var i = 0; i < 5 && !isTaken; i++)
            {
                spools.Keep();
                isTaken = spools.Retry();
            }

            Assert.True(isTaken, $"seed {seed}: {spools.Health.Sentence}");
            AssertBalanced(spools);
            var views = spools.Views().ToDictionary(view => view.Id);
            foreach (var (spool, number) in recorded)
                Assert.True(!views.TryGetValue(spool, out var view) || view.Tombstoned.Contains(number) || spools.Read(spool, number, number, 1, 1 << 20) is not null, $"seed {seed}: {spool} {number} is lost");
            tombstoned += spools.Health.TombstonedReadings;
        }

        Assert.True(tombstoned > 100_000, $"room was made for {tombstoned} readings only");
    }

    static void Record(SpoolLab lab, List<(SpoolId Spool, ulong Number)> recorded)
    {
        var spools = lab.Open();
        spools.Recorded += notice =>
        {
            for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
                recorded.Add((notice.Spool, number));
        };
        var refused = 0;
        for (var i = 0; ; i++)
        {
            var isTaken = spools.Append(i % 50 == 0 ? [Block(i, 20), SpoolLab.Block(i, 2, SpoolClass.Urgent)] : [Block(i, 20)]);
            refused = isTaken ? 0 : refused + 1;
            Assert.True(refused < 400, $"Room is never made: {spools.Health.Sentence}");
            lab.Time.Advance(TimeSpan.FromSeconds(2));
            if (i % 5 == 0)
                spools.Keep();
        }
    }

    [Fact]
    public void A_medium_that_others_fill_is_left_its_floor()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(new FloorDisk(disk, total: 4 << 20)) { Options = Small with { QuotaBytes = 1L << 30, FreeFloorBytes = 2 << 20 } };
        using var spools = lab.Open();
        for (var i = 0; i < 6000; i++)
        {
            Assert.True(spools.Append([Block(i, 20)]), spools.Health.Sentence);
            if (i % 5 == 0)
                spools.Keep();
        }

        Assert.Equal(SpoolCondition.Thinning, spools.Health.Condition);
        AssertBalanced(spools);
        Assert.InRange(disk.List().Sum(name => (long)disk.Bytes(name).Length), 1, 2 << 20);
    }

    // Every 50th block has an urgent one beside it. Never more on the medium than the quota, never a block refused.
    static List<(SpoolId Spool, ulong Number, byte[] Bytes)> Fill(SpoolLab lab, Spools spools, SimulatedDisk disk, int blocks, int msPerReading)
    {
        var urgent = new List<(SpoolId Spool, ulong Number, byte[] Bytes)>();
        spools.Recorded += notice =>
        {
            if (notice.Class == SpoolClass.Urgent)
                urgent.Add((notice.Spool, notice.Numbers.Last, spools.Read(notice.Spool, notice.Numbers.Last, notice.Numbers.Last, 1, 1 << 20)!.Records[0].ToArray()));
        };
        for (var i = 0; i < blocks; i++)
        {
            Assert.True(spools.Append(i % 50 == 0 ? [Block(i, msPerReading), SpoolLab.Block(i, 2, SpoolClass.Urgent)] : [Block(i, msPerReading)]), spools.Health.Sentence);
            lab.Time.Advance(TimeSpan.FromSeconds(2));
            if (i % 5 == 0)
                spools.Keep();
            if (i % 100 == 0)
                Assert.InRange(disk.List().Sum(name => (long)disk.Bytes(name).Length), 0, Quota);
        }

        return urgent;
    }

    static Draft Block(int i, int msPerReading) => Draft.OfReadings(
        SpoolClass.Normal,
        Enumerable.Range(0, 100).Select(at => new Reading(0, ((i * 100L) + at) * msPerReading, ((i * 7919) + (at * 104_729)) % 100_000, Quality.Good, at % 4 == 3 ? Origin.Overheard : Origin.Active)).ToArray(),
        new BlockClock(7, 0, ClockQuality.Ntp));

    static ulong Count(IEnumerable<Minute> minutes) => minutes.Aggregate(0UL, (sum, minute) => sum + minute.Count);

    static void AssertBalanced(Spools spools)
    {
        var health = spools.Health;
        Assert.Equal(0ul, health.DamagedRecords);
        Assert.Equal(health.RecordedReadings, health.WaitingReadings + health.TombstonedReadings);
        // Counted, not taken from the counter.
        Assert.Equal(health.WaitingReadings, spools.Views().SelectMany(view => view.Waiting.SelectMany(range => Runs(spools, view, range))).Aggregate(0UL, (sum, run) => sum + run.Readings));
    }

    static IEnumerable<RecordRun> Runs(Spools spools, SpoolView view, NumberRange range)
    {
        for (var next = range.First; next <= range.Last;)
        {
            var run = spools.Read(view.Id, next, range.Last, 1000, 1 << 20);
            Assert.NotNull(run);
            yield return run;
            next = run.Last + 1;
        }
    }

    static List<EdgeHub.Wire.Proto.Record> Records(Spools spools) =>
        [.. spools.Views().SelectMany(view => view.Waiting.SelectMany(range => Runs(spools, view, range))).SelectMany(run => run.Records).Select(bytes => RecordCodec.TryDecode(bytes, out _)!)];

    /// <summary>A medium of so many bytes in all.</summary>
    sealed class FloorDisk(SimulatedDisk inner, long total) : IDisk
    {
        public long FreeBytes => total - inner.List().Sum(name => (long)inner.Bytes(name).Length);

        public IReadOnlyList<string> List() => inner.List();

        public IDiskFile Create(string name) => inner.Create(name);

        public IDiskFile Open(string name, bool writable) => inner.Open(name, writable);

        public void Rename(string name, string newName) => inner.Rename(name, newName);

        public void Delete(string name) => inner.Delete(name);

        public void SyncDirectory() => inner.SyncDirectory();

        public void Check() => inner.Check();
    }
}
