using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

/// <summary>Two media under everything that one medium is tried with: cuts at any operation, errors at the N-th, and one of them gone.</summary>
public sealed class MirrorFaultTests
{
    const int Seeds = 150;

    /// <summary>
    /// Lives in a row, each ended by a power cut at a random operation of either medium. Unsynced sectors survive at random on
    /// each; now and then one medium is unplugged for a life, or during it.
    /// </summary>
    [Fact]
    public void Nothing_recorded_is_lost_to_a_power_cut_with_two_media()
    {
        // The last one: a copy that was cut short stood for the whole segment once it was recycled.
        foreach (var seed in Enumerable.Range(0, Seeds).Append(352))
            Assert.True(LivesThroughCuts(seed, syncLies: false) is not { } difference, $"seed {seed}: {LivesThroughCuts(seed, syncLies: false)}");
    }

    [Fact]
    public void Two_media_whose_flushes_lie_make_the_power_cut_test_red() =>
        Assert.Contains(Enumerable.Range(0, 20), seed => LivesThroughCuts(seed, syncLies: true) is not null);

    [Theory]
    [InlineData(true, "write", true)]
    [InlineData(true, "write", false)]
    [InlineData(true, "sync", true)]
    [InlineData(true, "sync", false)]
    [InlineData(true, "create", false)]
    [InlineData(true, "", false)]
    [InlineData(false, "write", true)]
    [InlineData(false, "write", false)]
    [InlineData(false, "sync", true)]
    [InlineData(false, "sync", false)]
    [InlineData(false, "create", false)]
    [InlineData(false, "", false)]
    public void An_error_at_operation_N_of_one_medium_delays_no_commit_and_the_other_has_everything(bool isFirst, string operation, bool once)
    {
        for (var n = 1; n <= 60; n++)
        {
            var lab = new MirrorLab();
            using var spools = lab.Open();
            var count = 0;
            var sick = isFirst ? lab.First : lab.Second;
            sick.Before = (name, _) =>
            {
                if ((operation.Length == 0 || name == operation) && (++count == n || (count > n && !once)))
                    throw new IOException("Input/output error", 5);
            };
            for (var i = 0; i < 40; i++)
            {
                MirrorLab.Append(spools, 1);
                spools.Keep();
                spools.Mirror();
            }

            sick.Before = operation.Length == 0 ? MirrorLab.Refuse(5) : sick.Before;
            Assert.Equal(41ul, Assert.Single(spools.Views()).Head);
            lab.AssertNothingLost(spools);
            lab.AssertAlone(isFirst ? lab.Second : lab.First, !isFirst);
            sick.Before = null;
            lab.Settle(spools);
            MirrorLab.Append(spools, 1);
            lab.Settle(spools, 2);
            Assert.Equal((MediumCondition.Ok, MediumCondition.Ok, 0L), (spools.Health.Mirror!.Primary, spools.Health.Mirror.Mirror, spools.Health.Mirror.LagBytes));
            lab.AssertAlone(lab.First, isFirst: true);
            lab.AssertAlone(lab.Second, isFirst: false);
        }
    }

    [Fact]
    public void When_both_media_refuse_nothing_is_promised_and_recording_goes_on_with_the_first_that_returns()
    {
        for (var returns = 0; returns < 2; returns++)
        {
            var lab = new MirrorLab();
            using var spools = lab.Open();
            MirrorLab.Append(spools, 5);
            spools.Mirror();
            lab.First.Before = lab.Second.Before = MirrorLab.Refuse(5);
            Assert.False(spools.Append([SpoolLab.Block(1)]));
            lab.Settle(spools, 2);
            Assert.False(spools.Retry());
            Assert.Equal(SpoolCondition.Failed, spools.Health.Condition);
            (returns == 0 ? lab.First : lab.Second).Before = null;
            lab.Settle(spools, 2);
            Assert.True(spools.Retry());
            MirrorLab.Append(spools, 5);
            lab.AssertNothingLost(spools);
            lab.First.Before = lab.Second.Before = null;
            lab.Settle(spools);
            lab.AssertAlone(lab.First, isFirst: true);
            lab.AssertAlone(lab.Second, isFirst: false);
        }
    }

    static string? LivesThroughCuts(int seed, bool syncLies)
    {
        var random = new Random(seed);
        var lab = new MirrorLab();
        for (var life = 0; life < 5; life++)
        {
            var left = random.Next(20, 900);
            var isDead = false;
            Action<string, string> countDown = (_, _) =>
            {
                isDead |= --left < 0;
                if (isDead)
                    throw new PowerCutException();
            };
            (lab.First.SyncLies, lab.Second.SyncLies) = (syncLies, syncLies);
            (lab.IsFirstAway, lab.IsSecondAway) = random.Next(8) switch { 0 => (true, false), 1 => (false, true), _ => (false, false) };
            (lab.First.Before, lab.Second.Before) = (countDown, countDown);
            try
            {
                Live(lab, random, countDown, () => isDead);
            }
            catch (PowerCutException)
            {
                isDead = true;
            }

            (lab.First.Before, lab.Second.Before) = (null, null);
            lab.Abandon();
            (lab.First, lab.Second) = (lab.First.Cut(random), lab.Second.Cut(random));
            (lab.IsFirstAway, lab.IsSecondAway) = (false, false);
            var check = new MirrorLab(lives: 100) { First = lab.First.Cut(random), Second = lab.Second.Cut(random) };
            using var joined = check.Open();
            if (Differs(joined, lab.Promised) is { } difference)
                return $"life {life}: {difference}";
        }

        return null;
    }

    static void Live(MirrorLab lab, Random random, Action<string, string> countDown, Func<bool> isDead)
    {
        var spools = lab.Open();
        for (var i = 0; i < 60 && !isDead(); i++)
        {
            if (!spools.Retry() || !spools.Append([SpoolLab.Block(i, random.Next(1, 300))]))
                lab.Lab.Time.Advance(TimeSpan.FromMinutes(6));
            if (random.Next(5) == 0 && spools.Views() is [var view, ..] && view.Waiting is [var range, ..] && IsReadable(spools, view.Id, range))
                SpoolLab.Ack(spools, view.Id, range.First, range.Last);
            if (random.Next(10) == 0)
                lab.Lab.Time.Advance(TimeSpan.FromMinutes(random.Next(90)));
            if (random.Next(3) == 0)
                spools.Keep();
            if (random.Next(2) == 0)
                spools.Mirror();
            // One of them is pulled, never both at once; what was pulled comes back a while later.
            if (random.Next(12) != 0)
                continue;
            (lab.IsFirstAway, lab.IsSecondAway) = random.Next(4) switch { 0 when spools.Health.Mirror!.LagBytes == 0 => (true, false), 1 => (false, true), _ => (false, false) };
            lab.First.Before = lab.IsFirstAway ? MirrorLab.Refuse(19) : countDown;
            lab.Second.Before = lab.IsSecondAway ? MirrorLab.Refuse(19) : countDown;
        }
    }

    // Not while the medium that alone has a record is away.
    static bool IsReadable(Spools spools, SpoolId spool, NumberRange range)
    {
        for (var next = range.First; next <= range.Last;)
        {
            if (spools.Read(spool, next, range.Last, 1000, 1 << 20) is not { } run)
                return false;
            next = run.Last + 1;
        }

        return true;
    }

    static string? Differs(Spools spools, Dictionary<(SpoolId Spool, ulong Number), byte[]> promised)
    {
        if (spools.Health.DamagedRecords > 0)
            return $"{spools.Health.DamagedRecords} records found damaged";
        foreach (var (key, bytes) in promised)
            if (spools.Read(key.Spool, key.Number, key.Number, 1, 1 << 20) is not { } run || !run.Records[0].Span.SequenceEqual(bytes))
                return $"{key.Spool} {key.Number} is lost";
        return null;
    }
}
