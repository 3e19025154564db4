using System.Globalization;
using System.Text.Json.Nodes;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>What a platform team asks, on both engines, over real HTTP.</summary>
public abstract class QueryTests
{
    const int TestMsMax = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract PostgresServer? Postgres { get; }

    [Fact(Timeout = TestMsMax)]
    public async Task A_reader_finds_the_streams_their_newest_values_and_their_course()
    {
        await using var city = await BuiltAsync();
        var streams = Items(await city.GetAsync("/api/v1/streams", Stop));
        Assert.Equal(["box-a.pms1.pm2_5", "box-a.pms2.pm2_5", "box-b.pms1.pm2_5"], streams.Select(stream => Text(stream, "id")));
        Assert.Equal(("ug/m3", "pump-room-7", "330106/005/012", "general-2", "normal"), (Text(streams[0], "unit"), Text(streams[0], "site"), Text(streams[0], "area"), Text(streams[0], "classification"), Text(streams[0], "class")));
        var latest = Items(await city.GetAsync("/api/v1/latest?area=330106/005&quantity=pm2_5&q=pms1", Stop));
        Assert.Equal("box-a.pms1.pm2_5", Text(Assert.Single(latest), "id"));
        Assert.Equal((9, "good", Time(9000)), ((int)latest[0]["latest"]!["value"]!, Text(latest[0]["latest"]!, "grade"), Text(latest[0]["latest"]!, "time")));

        var series = await city.GetAsync($"/api/v1/streams/box-a.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}", Stop);
        Assert.Equal([1.0, 3, 5, 7, 9], series["readings"]!.AsArray().Select(reading => (double)reading!["value"]!));
        Assert.Equal("ug/m3", Text(series, "unit"));
        Assert.Equal(1, (long)series["readings"]![0]!["sequence"]!);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Pages_of_a_course_meet_without_a_gap_or_a_repeat()
    {
        await using var city = await BuiltAsync();
        var (values, cursor, pages) = (new List<double>(), "", 0);
        do
        {
            var page = await city.GetAsync($"/api/v1/streams/box-a.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&limit=2{cursor}", Stop);
            values.AddRange(page["readings"]!.AsArray().Select(reading => (double)reading!["value"]!));
            cursor = page["next"] is { } next ? $"&cursor={next}" : "";
            pages++;
        }
        while (cursor.Length > 0);
        Assert.Equal([1.0, 3, 5, 7, 9], values);
        Assert.Equal(3, pages);

        var streams = new List<string>();
        cursor = "";
        do
        {
            var page = await city.GetAsync($"/api/v1/streams?limit=1{cursor}", Stop);
            streams.AddRange(Items(page).Select(stream => Text(stream, "id")));
            cursor = page["next"] is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        Assert.Equal(["box-a.pms1.pm2_5", "box-a.pms2.pm2_5", "box-b.pms1.pm2_5"], streams);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_bucket_has_the_figures_of_its_good_readings_and_a_page_the_buckets_of_its_time()
    {
        await using var city = await BuiltAsync();
        // The fifth reading is bad and has a value; the figures leave it out.
        var box = new TestBox("box-c", 9);
        box.AddCatalog(1);
        box.AddReadings([new(0, 0, 4, Quality.Good), new(0, 2000, 2, Quality.UncertainWarmUp), new(0, 4000, 3, Quality.Good), new(0, 12_000, 8, Quality.Good), new(0, 13_000, 999, Quality.BadOutOfRange), new(0, 14_000, double.NaN, Quality.BadNoData)]);
        await city.CommitAsync(box.DeliverAll());
        var all = await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&every=10s", Stop);
        Assert.Equal([(Time(0), 2.0, 3.0, 4.0, 3L, 3.0), (Time(10_000), 8.0, 8.0, 8.0, 1L, 8.0)], all["buckets"]!.AsArray().Select(b => (Text(b!, "time"), (double)b!["min"]!, (double)b["mean"]!, (double)b["max"]!, (long)b["count"]!, (double)b["last"]!)));
        var some = await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&every=10s&agg=max,count&limit=1", Stop);
        Assert.Equal(["count", "max", "time"], some["buckets"]![0]!.AsObject().Select(figure => figure.Key).Order());
        var rest = await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&every=10s&agg=max,count&limit=1&cursor={some["next"]}", Stop);
        Assert.Equal(8.0, (double)rest["buckets"]![0]!["max"]!);

        // A day of the east begins eight hours earlier.
        var day = await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&every=1d&zone=%2B08:00", Stop);
        Assert.EndsWith("T16:00:00.000Z", Text(day["buckets"]![0]!, "time"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_is_missing_lost_or_set_aside_is_told_with_its_reason_and_what_stands_around_it()
    {
        await using var city = await BuiltAsync();
        var box = new TestBox("box-c", 9);
        box.AddCatalog();
        for (var i = 0; i < 6; i++)
            box.AddBlock(4, 1000 + (i * 10_000));
        box.AddTombstone(box.Spool, 3, 4);
        await city.CommitAsync([.. box.Deliver(1, 2), .. box.Deliver(6, box.Head)]);
        var gaps = Items(await city.GetAsync("/api/v1/gaps?gateway=box-c", Stop));
        Assert.Equal([("missing", 5L, 5L), ("lost", 3L, 4L)], gaps.Select(gap => (Text(gap, "kind"), (long)gap["firstNumber"]!, (long)gap["lastNumber"]!)));
        Assert.Equal(("dropped", Time(4000), Time(41_000)), (Text(gaps[1], "reason"), Text(gaps[1], "after"), Text(gaps[1], "before")));
        Assert.Single(Items(await city.GetAsync("/api/v1/gaps?gateway=box-c&kind=lost", Stop)));
        Assert.Empty(Items(await city.GetAsync("/api/v1/gaps?gateway=box-a", Stop)));
        var health = await city.GetAsync("/api/v1/gateways/box-c", Stop);
        Assert.Equal((1L, 2L), ((long)health["missingRecords"]!, (long)health["lostRecords"]!));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task How_a_box_is_stands_in_one_line_with_its_sensors_and_its_books()
    {
        await using var city = await BuiltAsync();
        city.Fleet.Note(new GatewayStatus("box-a", true, "0.1.0", "boot", 1, "Sensor pms2: no answer", new Dictionary<string, string> { ["spool"] = "ok", ["sensor/pms1"] = "ok", ["sensor/pms2"] = "silent: no answer for 30 s" }, []) { Backlog = new BacklogStatus(12, 5000, null) });
        var boxes = Items(await city.GetAsync("/api/v1/gateways", Stop));
        Assert.Equal([("box-a", "online", true), ("box-b", "unknown", true)], boxes.Select(box => (Text(box, "gateway"), Text(box, "state"), (bool)box["attention"]!)));
        Assert.Equal(("pump-room-7", "330106/005/012", "none"), (Text(boxes[0], "site"), Text(boxes[0], "area"), Text(boxes[0], "books")));
        Assert.Equal((12L, 2, false), ((long)boxes[0]["backlog"]!["records"]!, boxes[0]["sensors"]!.AsArray().Count, (bool)boxes[0]["sensors"]![1]!["ok"]!));
        Assert.Equal(Time(10_000), Text(boxes[0], "newestAt"));
        Assert.Equal("box-a", Text(Assert.Single(Items(await city.GetAsync("/api/v1/gateways?state=online", Stop))), "gateway"));
        city.Fleet.Note(GatewayStatus.Offline("box-a", "0.1.0", "boot"));
        Assert.Equal("offline", Text(await city.GetAsync("/api/v1/gateways/box-a", Stop), "state"));
        Assert.Equal(["none", "none"], Items(await city.GetAsync("/api/v1/books", Stop)).Select(books => Text(books, "state")));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Events_come_newest_first_page_by_page()
    {
        await using var city = await BuiltAsync();
        await using (var transaction = await city.Store.BeginAsync(Stop))
        {
            foreach (var i in Enumerable.Range(0, 5))
                await transaction.ExecuteAsync("INSERT INTO event (at, kind, gateway, text, bytes) VALUES ($1, $2, $3, $4, $5)", Stop, TestBox.Offset + i, i % 2 == 0 ? "books-differ" : "refill", "box-a", $"the {i}.", Array.Empty<byte>());
            await transaction.CommitAsync(Stop);
        }

        var range = $"from={Time(-1000)}&to={Time(1000)}";
        var first = await city.GetAsync($"/api/v1/events?{range}&limit=2", Stop);
        var second = await city.GetAsync($"/api/v1/events?{range}&limit=2&cursor={first["next"]}", Stop);
        Assert.Equal(["the 4.", "the 3.", "the 2.", "the 1."], Items(first).Concat(Items(second)).Select(one => Text(one, "text")));
        Assert.Equal(2, Items(await city.GetAsync($"/api/v1/events?{range}&kind=refill&gateway=box-a", Stop)).Count);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_stream_whose_unit_changed_is_read_in_one_unit_at_a_time()
    {
        await using var city = await BuiltAsync();
        var box = new TestBox("box-c", 9);
        box.AddCatalog(1, unit: "ug/m3");
        box.AddBlock(2, 1000, 100);
        box.AddCatalog(1, unit: "mg/m3");
        box.AddBlock(2, 5000, 0.1);
        await city.CommitAsync(box.DeliverAll());
        var stream = Assert.Single(Items(await city.GetAsync("/api/v1/streams?gateway=box-c", Stop)));
        Assert.Equal("mg/m3", Text(stream, "unit"));
        Assert.Equal(2, (await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}", Stop))["readings"]!.AsArray().Count);
        Assert.Equal(100.0, (double)(await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}&unit=ug/m3", Stop))["readings"]![0]!["value"]!);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_long_question_holds_back_no_commit()
    {
        await using var city = await BuiltAsync();
        await using var question = await city.Reader.BeginAsync(Stop);
        Assert.Equal(6, await question.NumberAsync("SELECT count(*) FROM reading WHERE sensor = 'pms1'", Stop));
        var box = new TestBox("box-c", 9);
        box.AddCatalog(1);
        box.AddBlock(2);
        await city.CommitAsync(box.DeliverAll());
        // It goes on seeing its one moment.
        Assert.Equal(6, await question.NumberAsync("SELECT count(*) FROM reading WHERE sensor = 'pms1'", Stop));
        Assert.Equal(2, (await city.GetAsync($"/api/v1/streams/box-c.pms1.pm2_5/series?from={Time(0)}&to={Time(60_000)}", Stop))["readings"]!.AsArray().Count);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => question.ExecuteAsync("DELETE FROM event", Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_catalog_of_a_time_is_what_each_box_had_told_by_then()
    {
        await using var city = await CityStand.StartAsync(Postgres, Stop);
        Catalog Told(string site, string area, double longitude, params string[] sensors)
        {
            var catalog = new Catalog { Site = site, Area = area, Position = new Position { Longitude = longitude, Latitude = 30.274 } };
            catalog.Streams.Add(sensors.Select(sensor => new EdgeHub.Wire.Proto.Stream { Sensor = sensor, Quantity = "pm2_5", Unit = "ug/m3", SpoolClass = SpoolClass.Normal, Sampling = new Sampling { IntervalMs = 1000 } }));
            return catalog;
        }

        // A box starts, is moved within its street with one sensor less, and then out of the street; the oldest of it comes last.
        var (first, second, third) = (new TestBox("box-m", 31), new TestBox("box-m", 32), new TestBox("box-m", 33));
        foreach (var (box, catalog, at) in new[] { (first, Told("yard", "330106/005/012", 1, "pms1", "pms2"), 1000), (second, Told("yard", "330106/005/012", 2, "pms1"), 1_000_000), (third, Told("yard", "330106/006/001", 3, "pms1"), 2_000_000) })
        {
            box.AddCatalog(catalog);
            box.AddBlock(2, at);
        }

        await city.CommitAsync(third.DeliverAll());
        await city.CommitAsync(second.DeliverAll());
        await city.CommitAsync(first.DeliverAll(Lane.Backlog));
        async Task<string> At(string query)
        {
            var (entries, cursor) = (new List<JsonNode>(), "");
            do
            {
                var page = await city.GetAsync($"/api/v1/catalog?limit=1&{query}{cursor}", Stop);
                entries.AddRange(Items(page));
                cursor = page["next"] is { } next ? $"&cursor={next}" : "";
            }
            while (cursor.Length > 0);
            return string.Join(", ", entries.Select(entry => $"{Text(entry, "sensor")}@{Text(entry, "site")}:{entry["position"]?["longitude"]}"));
        }

        Assert.Equal("", await At($"at={Time(999)}"));
        Assert.Equal("pms1@yard:1, pms2@yard:1", await At($"at={Time(1000)}"));
        Assert.Equal("pms1@yard:1, pms2@yard:1", await At($"at={Time(999_999)}"));
        Assert.Equal("pms1@yard:2", await At($"at={Time(1_000_000)}"));
        Assert.Equal("pms1@yard:3", await At($"at={Time(2_000_000)}"));
        Assert.Equal("pms1@yard:3", await At("at=2999-01-01T00:00:00Z"));
        Assert.Equal("", await At($"at={Time(2_000_000)}&area=330106/005"));
        // Of today: what is gone is in the list and nobody says where it is now; the street that it left is not told the new place.
        Assert.Equal("pms1@yard:3, pms2@yard:", await At(""));
        Assert.Equal("pms1@yard:, pms2@yard:", await At("area=330106/005"));
    }

    internal static string Time(long bootMs) => DateTimeOffset.FromUnixTimeMilliseconds(TestBox.Offset + bootMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static List<JsonNode> Items(JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!)];

    internal static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";

    // Ten readings of two sensors of box-a in one street, and one of box-b in another.
    async Task<CityStand> BuiltAsync()
    {
        var city = await CityStand.StartAsync(Postgres, Stop);
        await FillAsync(city);
        return city;
    }

    internal static async Task FillAsync(CityStand city)
    {
        var first = new TestBox("box-a", 1);
        first.AddCatalog();
        first.AddBlock(10, 1000);
        var second = new TestBox("box-b", 2);
        second.AddCatalog(1, "gate-1", "330106/006/001");
        second.AddBlock(1, 1000);
        await city.CommitAsync([.. first.DeliverAll(), .. second.DeliverAll()]);
    }
}

public sealed class SqliteQueryTests : QueryTests
{
    private protected override PostgresServer? Postgres => null;
}

public sealed class PostgresQueryTests(PostgresServer postgres) : QueryTests
{
    private protected override PostgresServer? Postgres => postgres;
}
