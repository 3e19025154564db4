using Xunit;

namespace EdgeHub.Tests.Uplink;

/// <summary>After an outage live data is current at once, and the gap fills as fast as the link carries it.</summary>
public sealed class LiveFirstTests
{
    const int RecordsOfAWeek = 7 * 24 * 3600;

    static readonly TimeSpan LagMax = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(8_000, 200)] // 64 kbit/s
    [InlineData(32_000, 1_500)] // a satellite
    [InlineData(250_000, 60)] // 4G
    public void After_a_weeks_outage_live_records_lag_less_than_five_seconds_and_the_gap_fills(int bytesPerSecond, int roundTripMs)
    {
        var link = new SlowLink(bytesPerSecond, TimeSpan.FromMilliseconds(roundTripMs));
        link.ConnectAfterOutage(RecordsOfAWeek);
        var ideal = link.Ideal(RecordsOfAWeek);
        while (link.Backlog > 0)
        {
            link.Run(link.Now + TimeSpan.FromMinutes(1));
            Assert.True(link.LiveLag < LagMax, $"Live records lag {link.LiveLag} behind at {link.Now}.");
            Assert.True(link.UrgentLag < LagMax - TimeSpan.FromSeconds(1), $"Urgent records lag {link.UrgentLag} behind at {link.Now}.");
            Assert.True(link.Now < ideal * 1.5, $"{link.Backlog} of {RecordsOfAWeek} old records still wait at {link.Now}; alone they would take {ideal}.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytesPerSecond} B/s: live lag {link.LiveLag.TotalSeconds:0.00} s, urgent {link.UrgentLag.TotalSeconds:0.00} s, a week's gap in {link.Now}, alone {ideal}");
    }

    [Fact]
    public void A_link_that_slows_down_sixteenfold_is_live_again_within_a_minute()
    {
        var link = new SlowLink(128_000, TimeSpan.FromMilliseconds(60));
        link.ConnectAfterOutage(RecordsOfAWeek);
        link.Run(TimeSpan.FromMinutes(5));
        Assert.True(link.LiveLag < LagMax, $"{link.LiveLag}");
        link.BytesPerSecond = 8_000;
        link.Run(TimeSpan.FromMinutes(6));
        link.LiveLag = TimeSpan.Zero;
        link.Run(TimeSpan.FromMinutes(20));
        Assert.True(link.LiveLag < LagMax, $"{link.LiveLag}");
    }
}
