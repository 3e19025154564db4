using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.Spool.Media;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.Spool.Ram;

/// <summary>The Recorder on media that refuse: one, or both of two.</summary>
public sealed class MediaGoneTests
{
    const int TimeoutMs = 60_000;
    const int ReadOnlyFileSystem = 30; // EROFS

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeoutMs)]
    [InlineData("EIO")]
    [InlineData("read-only")]
    [InlineData("unplugged")]
    public async Task With_both_media_gone_readings_are_sent_from_memory_and_recorded_when_one_returns(string fault)
    {
        var lab = new MirrorLab();
        using var spools = lab.Open();
        var readings = Channel.CreateBounded<Reading>(256);
        using var recorder = new Recorder(readings.Reader, spools, lab.Options, SpoolLab.Catalog, new BoxClock(lab.Lab.Time, 7, () => lab.Lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), () => true, 0), new Watchdog(lab.Lab.Time), lab.Lab.Time, NullLogger<Recorder>.Instance);
        await recorder.StartAsync(Stop);
        var given = 0;
        await UntilAsync(() => spools.Health.RecordedReadings >= 5);

        Break(lab, fault);
        await UntilAsync(() => spools.Health.Condition == SpoolCondition.Volatile && spools.Health.Ram.Taken >= 60);
        var recorded = spools.Health.RecordedReadings;
        var sent = 0ul;
        foreach (var view in spools.Views().Where(view => view.Head > 3 && view.Waiting is [{ First: 1 }]).TakeLast(1))
        {
            Assert.True(SpoolLab.Ack(spools, view.Id, 1, 3).IsReleased);
            sent = spools.Health.Ram.Taken - spools.Health.Ram.WaitingReadings;
        }

        Assert.True(sent > 0, "nothing of what is in memory could be acked");
        Assert.Equal(recorded, spools.Health.RecordedReadings);

        Mend(lab, fault);
        await UntilAsync(() => spools.Health.Condition is SpoolCondition.Ok or SpoolCondition.Degraded);
        readings.Writer.Complete();
        await recorder.StopAsync(Stop);
        Assert.Equal((ulong)given, spools.Health.RecordedReadings);
        Assert.Equal(0ul, spools.Health.Ram.Lost);
        Assert.Equal(0ul, spools.Health.DamagedRecords);
        lab.AssertNothingLost(spools);

        // Virtual time goes on in small steps, with a reading each and the second medium's turn each second, until it is so.
        async Task UntilAsync(Func<bool> condition)
        {
            for (var step = 0; !condition(); step++)
            {
                given += readings.Writer.TryWrite(new Reading(0, lab.Lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), given, Quality.Good)) ? 1 : 0;
                lab.Lab.Time.Advance(TimeSpan.FromMilliseconds(200));
                if (step % 5 == 0)
                {
                    spools.Mirror();
                    spools.Keep();
                }

                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
            }
        }
    }

    static void Break(MirrorLab lab, string fault)
    {
        switch (fault)
        {
            case "EIO":
                lab.First.Before = lab.Second.Before = MirrorLab.Refuse(5);
                break;
            case "read-only":
                lab.First.Before = lab.Second.Before = MirrorLab.Refuse(ReadOnlyFileSystem, "create", "write", "sync", "rename", "delete");
                break;
            default:
                (lab.IsFirstAway, lab.IsSecondAway, lab.First.IsOff, lab.Second.IsOff) = (true, true, true, true);
                break;
        }
    }

    // Of two that went one comes back.
    static void Mend(MirrorLab lab, string fault)
    {
        (lab.First.Before, lab.IsFirstAway) = (null, false);
        if (fault == "unplugged")
            lab.First = lab.First.Cut(new Random(3));
    }
}
