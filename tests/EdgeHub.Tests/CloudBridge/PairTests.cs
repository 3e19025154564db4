using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>Two boxes on one bus, as the city sees them; for each engine.</summary>
public abstract class PairTests : BooksTests
{
    [Fact(Timeout = TestMsMax)]
    public async Task What_was_overheard_is_stored_and_stands_in_the_view_of_all_but_not_in_the_default_one()
    {
        var (asks, hears) = (new TestBox("gw-asks", 3), new TestBox("gw-hears", 4));
        asks.AddCatalog();
        hears.AddCatalog();
        asks.AddReadings([new Reading(0, 1_000, 1.5, Quality.Good), new Reading(1, 2_000, 2.5, Quality.Good)]);
        hears.AddReadings([new Reading(0, 1_001, 1.5, Quality.Good, Origin.Overheard), new Reading(1, 2_001, 2.5, Quality.Good, Origin.Overheard), new Reading(1, 9_000, 3.5, Quality.Good)]);
        var result = await CommitAsync([.. asks.DeliverAll(), .. hears.DeliverAll()]);
        // In the books each reading counts, on a city topic only what was asked for.
        Assert.Equal((5, 3), (result.ReadingsStored, result.LiveReadings));
        Assert.Equal(["gw-asks 1.5", "gw-asks 2.5", "gw-hears 3.5"], await TextsAsync("SELECT gateway || ' ' || value FROM reading WHERE gateway IN ('gw-asks', 'gw-hears') ORDER BY time"));
        Assert.Equal(["1.5 active", "2.5 active", "1.5 overheard", "2.5 overheard", "3.5 active"], await TextsAsync("SELECT value || ' ' || origin FROM reading_all WHERE gateway IN ('gw-asks', 'gw-hears') ORDER BY gateway, sequence"));
        Assert.Equal(["1.5", "3.5"], await TextsAsync("SELECT l.value FROM latest l JOIN stream s ON s.key = l.stream JOIN gateway g ON g.key = s.gateway WHERE g.id IN ('gw-asks', 'gw-hears') ORDER BY l.value"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task An_urgent_reading_that_was_overheard_is_published_by_the_box_that_asked_alone()
    {
        var (asks, hears) = (new TestBox("gw-urgent-asks", 5, SpoolClass.Urgent), new TestBox("gw-urgent-hears", 6, SpoolClass.Urgent));
        asks.AddCatalog(1);
        hears.AddCatalog(1);
        asks.AddReadings([new Reading(0, 1_000, 41, Quality.Good)]);
        hears.AddReadings([new Reading(0, 1_001, 41, Quality.Good, Origin.Overheard)]);
        await CommitAsync([.. asks.DeliverAll(Lane.Urgent), .. hears.DeliverAll(Lane.Urgent)]);
        Assert.Equal(["gw-urgent-asks"], await TextsAsync("SELECT g.id FROM urgent_reading u JOIN stream s ON s.key = u.stream JOIN gateway g ON g.key = s.gateway WHERE u.value = 41"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Two_boxes_that_ask_on_one_bus_at_the_same_time_are_an_event_once()
    {
        var (one, other) = (await PairAsync("gw-two-a", 31), await PairAsync("gw-two-b", 32));
        for (var second = 0; second < 30; second++)
        {
            Ask(one, second * 1000, Origin.Active);
            Ask(other, (second * 1000) + 400, Origin.Active);
            await CommitAsync([.. one.Deliver(one.Head, one.Head), .. other.Deliver(other.Head, other.Head)]);
        }

        var text = Assert.Single(await TextsAsync("SELECT text FROM event WHERE kind = 'two-active' AND text LIKE '%gw-two-%'"));
        Assert.Contains("gw-two-b and gw-two-a", text, StringComparison.Ordinal);
        Assert.Contains("pms1/pm2_5", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Boxes_that_take_a_bus_over_from_each_other_are_no_event_however_often()
    {
        var (one, other) = (await PairAsync("gw-turn-a", 33), await PairAsync("gw-turn-b", 34));
        for (var second = 0; second < 200; second++)
        {
            // Ten seconds each, the other one hears; clocks half a second apart.
            var first = second / 10 % 2 == 0;
            Ask(one, second * 1000, first ? Origin.Active : Origin.Overheard);
            Ask(other, (second * 1000) + 500, first ? Origin.Overheard : Origin.Active);
            await CommitAsync([.. one.Deliver(one.Head, one.Head), .. other.Deliver(other.Head, other.Head)]);
        }

        // One falls dumb without having heard the other, the other one asks, dies, and the first asks again in its old process.
        for (var second = 0; second < 90; second++)
        {
            var box = second is >= 30 and < 60 ? other : one;
            Ask(box, (200 + second) * 1000, Origin.Active);
            await CommitAsync(box.Deliver(box.Head, box.Head));
        }

        Assert.Empty(await TextsAsync("SELECT text FROM event WHERE kind = 'two-active' AND text LIKE '%gw-turn-%'"));
    }

    async Task<TestBox> PairAsync(string gateway, int seed)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog(2, site: gateway[..^2]);
        await CommitAsync(box.DeliverAll());
        return box;
    }

    static void Ask(TestBox box, long bootTimeMs, Origin origin) =>
        box.AddReadings([new Reading(0, bootTimeMs, 1, Quality.Good, origin), new Reading(1, bootTimeMs + 100, 2, Quality.Good, origin)]);
}
