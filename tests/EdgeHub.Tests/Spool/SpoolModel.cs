using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

/// <summary>
/// Drives spools at random beside a list of all that was recorded. A record is readable byte for byte, or it was acked, or it
/// was damaged and is tombstoned; and the three counts of readings are those of the list.
/// </summary>
sealed class SpoolModel(IDisk medium, int seed)
{
    readonly Random random = new(seed);
    readonly Dictionary<(SpoolId Spool, ulong Number), (byte[] Bytes, ulong Readings)> records = [];
    readonly HashSet<(SpoolId Spool, ulong Number)> harmed = [];
    readonly HashSet<(SpoolId Spool, ulong Number)> endsOfRuns = [];
    readonly List<(SpoolId Spool, ulong Number)> newest = [];
    IDisk disk = medium;
    SpoolLab lab = null!;
    Spools spools = null!;
    int lives;

    public void Live(int steps)
    {
        Open();
        for (var step = 0; step < steps; step++)
            Step(random.Next(100));
        spools.Dispose();
        Open();
        // Tombstones of what was found lost need a commit; what is read meanwhile may find more.
        for (var i = 0; i < 3; i++)
        {
            Append();
            Check(isSettled: i == 2);
        }

        spools.Dispose();
    }

    void Step(int dice)
    {
        switch (dice)
        {
            case < 55:
                Append();
                break;
            case < 70:
                Ack();
                break;
            case < 74:
                Unack();
                break;
            case < 84:
                lab.Time.Advance(TimeSpan.FromMinutes(random.Next(120)));
                spools.Keep();
                break;
            case < 90:
                Check(isSettled: false);
                break;
            case < 94:
                Damage();
                break;
            default:
                Stop(dice % 3);
                break;
        }
    }

    void Open()
    {
        lab = new SpoolLab(disk, (seed * 100) + lives++) { Options = new SpoolOptions { SegmentBytes = 64 << 10, TailBytes = 16 << 10, PackFileBytes = 1 << 20 } };
        spools = lab.Open();
        spools.Recorded += Remember;
    }

    void Stop(int kind)
    {
        endsOfRuns.UnionWith(newest);
        if (kind == 0)
            spools.Dispose();
        else
            lab.Abandon();
        if (kind == 1 && disk is SimulatedDisk simulated)
            disk = simulated.Cut(random);
        Open();
        Check(isSettled: false);
    }

    void Append()
    {
        var drafts = new List<Draft> { SpoolLab.Block(records.Count, random.Next(1, 400)) };
        if (random.Next(4) == 0)
            drafts.Add(SpoolLab.Block(records.Count + 0.5, random.Next(1, 5), SpoolClass.Urgent));
        newest.Clear();
        Assert.True(spools.Append(drafts));
    }

    void Remember(RecordedNotice notice)
    {
        for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
        {
            newest.Add((notice.Spool, number));
            var run = spools.Read(notice.Spool, number, number, 1, 1 << 20)!;
            Assert.True(records.TryAdd((notice.Spool, number), (run.Records[0].ToArray(), run.Readings)), $"seed {seed}: number {number} was given twice");
        }
    }

    void Ack()
    {
        var views = spools.Views();
        if (views.Count == 0 || views[random.Next(views.Count)] is not { Waiting: [var range, ..] } view)
            return;
        var last = range.First + (ulong)random.NextInt64((long)range.Count);
        var hashes = new List<RecordHash>();
        for (var next = range.First; next <= last; next++)
        {
            if (spools.Read(view.Id, next, next, 1, 1 << 20) is not { } run)
                return;
            hashes.Add(RecordHash.Of(run.Records[0].Span));
        }

        Assert.True(spools.Release(view.Id, [new NumberRange(range.First, last)], [], RecordHash.DigestOf(hashes)).IsReleased);
    }

    void Unack()
    {
        foreach (var view in spools.Views())
            if (view.Acked.FirstOrDefault() is { First: > 0 } range)
                spools.Unrelease(view.Id, [new NumberRange(range.First, Math.Min(range.Last, range.First + (ulong)random.Next(5)))]);
    }

    // One record's bytes in the journal, or any byte of a sealed file. Not the last commit of a run: its damage cannot be told
    // from a cut.
    void Damage()
    {
        if (disk is not SimulatedDisk simulated)
            return;
        if (random.Next(3) == 0 && simulated.List().FirstOrDefault(name => name.EndsWith(".sealed", StringComparison.Ordinal)) is { } packs)
        {
            simulated.Flip(packs, random.Next(simulated.Bytes(packs).Length));
            foreach (var view in spools.Views())
                foreach (var range in view.Acked)
                    for (var number = range.First; number <= range.Last; number++)
                        harmed.Add((view.Id, number));
            return;
        }

        var views = spools.Views();
        if (views.Count == 0 || views[random.Next(views.Count)] is not { Head: > 1 } hit)
            return;
        var key = (hit.Id, 1 + (ulong)random.NextInt64((long)hit.Head - 1));
        if (newest.Contains(key) || endsOfRuns.Contains(key))
            return;
        simulated.Damage(records[key].Bytes);
        harmed.Add(key);
    }

    void Check(bool isSettled)
    {
        var views = spools.Views().ToDictionary(view => view.Id);
        foreach (var ((spool, number), (bytes, _)) in records)
        {
            var run = spools.Read(spool, number, number, 1, 1 << 20);
            var isHarmed = harmed.Contains((spool, number));
            if (run is not null)
                Assert.True(run.Records[0].Span.SequenceEqual(bytes), $"seed {seed}: {spool} {number} has other bytes");
            else
                Assert.True(isHarmed, $"seed {seed}: {spool} {number} is lost");
            if (run is null && isSettled && !views[spool].Acked.Contains(number))
                Assert.True(views[spool].Tombstoned.Contains(number), $"seed {seed}: {spool} {number} has no tombstone");
        }

        if (!isSettled)
            return;
        var health = spools.Health;
        Assert.True(Sum(_ => true) == health.RecordedReadings, $"seed {seed}: {health.RecordedReadings} recorded, not {Sum(_ => true)}");
        Assert.True(Sum(key => IsIn(views[key.Spool].Waiting, key.Number)) == health.WaitingReadings, $"seed {seed}: {health.WaitingReadings} wait, not {Sum(key => IsIn(views[key.Spool].Waiting, key.Number))}");
        Assert.True(Sum(key => views[key.Spool].Tombstoned.Contains(key.Number)) == health.TombstonedReadings, $"seed {seed}: {health.TombstonedReadings} tombstoned, not {Sum(key => views[key.Spool].Tombstoned.Contains(key.Number))}");
    }

    ulong Sum(Func<(SpoolId Spool, ulong Number), bool> counts) => records.Where(pair => counts(pair.Key)).Aggregate(0UL, (sum, pair) => sum + pair.Value.Readings);

    static bool IsIn(IReadOnlyList<NumberRange> ranges, ulong number) => ranges.Any(range => range.Contains(number));
}
