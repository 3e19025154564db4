using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class ReceiverTests : IAsyncLifetime
{
    const int TestMsMax = 60_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    readonly ScratchDirectory scratch = new();
    readonly FakeBroker broker = new();
    readonly HeardLog<Receiver> log = new();
    GatedStore store = null!;
    Receiver receiver = null!;
    Publisher publisher = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new GatedStore(await SqliteStore.OpenAsync(scratch.File("city.db"), Stop));
        var watchdog = new Watchdog(TimeProvider.System);
        receiver = new Receiver(broker, new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance), new Topics(), new IntakeOptions(), watchdog, TimeProvider.System, log);
        publisher = new Publisher(new Outbox(store, "city"), broker, new PublishOptions { Pace = TimeSpan.FromMilliseconds(100) }, null, watchdog, TimeProvider.System, NullLogger<Publisher>.Instance);
        receiver.Committed = publisher.Take;
        await receiver.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        store.Gate.TrySetResult();
        await receiver.StopAsync(CancellationToken.None);
        await publisher.StopAsync(CancellationToken.None);
        receiver.Dispose();
        publisher.Dispose();
        await broker.DisposeAsync();
        await store.DisposeAsync();
        scratch.Dispose();
    }

    [Fact(Timeout = TestMsMax)]
    public async Task No_ack_and_no_puback_leaves_before_the_commit()
    {
        var box = Box("gw1");
        await broker.SendAsync(box.All());
        await store.Writing.Task.WaitAsync(WaitMax, Stop);
        // The rows are not even written: whatever is out now went too early.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Stop);
        Assert.Empty(broker.Acks("gw1"));
        Assert.Equal(0, broker.Acknowledged);
        store.Gate.SetResult();
        await UntilAsync(() => broker.Acks("gw1").Count == 1 && broker.Acknowledged == 1);
        Assert.Equal(box.DigestOf(box.Numbers), broker.Acks("gw1")[0].Digest);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_is_none_of_ours_is_kept_as_a_dead_letter_and_the_rest_goes_on()
    {
        store.Gate.SetResult();
        var box = Box("gw1");
        using var codec = new EnvelopeCodec();
        await broker.SendAsync("edgehub/v1/gw1/records", [1, 2, 3]);
        await broker.SendAsync("edgehub/v1/gw2/records", codec.Encode(box.All()));
        await broker.SendAsync("edgehub/v1/gw1/nonsense", [4]);
        await broker.SendAsync("edgehub/v1/gw1/status", "{}"u8.ToArray());
        await broker.SendAsync("edgehub/v1/GW ONE/records", [5]);
        await broker.SendAsync(box.All());
        await UntilAsync(() => broker.Acks("gw1").Count == 1 && broker.Acknowledged == 6);
        await using var transaction = await store.BeginAsync(Stop);
        var letters = await transaction.QueryAsync("SELECT topic, reason, bytes FROM dead_letter ORDER BY key", reader => (Topic: reader.GetString(0), Reason: reader.GetString(1), Bytes: (byte[])reader[2]), Stop);
        Assert.Equal(5, letters.Count);
        Assert.Equal([1, 2, 3], letters[0].Bytes);
        Assert.Contains("of gateway gw1 and the topic of gw2", letters[1].Reason, StringComparison.Ordinal);
        // However many there are, it is told once in a while.
        Assert.Contains("kept with their bytes in the table dead_letter", Assert.Single(log.Lines, line => line.Contains("none of ours", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(broker.Acks("gw2"));
    }

    [Theory(Timeout = TestMsMax)]
    [InlineData("records")]
    [InlineData("status")]
    [InlineData("nonsense")]
    public async Task Of_a_hundred_megabytes_the_first_one_is_kept_and_the_others_are_served(string kind)
    {
        store.Gate.SetResult();
        await broker.SendAsync($"edgehub/v1/gw9/{kind}", new byte[100 << 20]);
        await broker.SendAsync(Box("gw1").All());
        await UntilAsync(() => broker.Acks("gw1").Count == 1 && broker.Acknowledged == 2);
        await using var transaction = await store.BeginAsync(Stop);
        var letter = Assert.Single(await transaction.QueryAsync("SELECT reason, length(bytes) FROM dead_letter", reader => (Reason: reader.GetString(0), Length: reader.GetInt64(1)), Stop));
        Assert.Equal(WireLimits.PayloadBytesMax, letter.Length);
        Assert.True(kind == "nonsense" || letter.Reason.Contains("104857600", StringComparison.Ordinal), letter.Reason);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Ten_thousand_messages_of_nonsense_fill_no_table_and_take_nobody_elses_turn()
    {
        store.Gate.SetResult();
        const int messages = 10_000;
        var box = Box("gw1");
        for (var i = 0; i < messages; i++)
        {
            await broker.SendAsync("edgehub/v1/gw9/records", [1]);
            if (i == messages / 2)
                await broker.SendAsync(box.All());
        }

        await UntilAsync(() => broker.Acks("gw1").Count == 1 && broker.Acknowledged == messages + 1);
        await using var transaction = await store.BeginAsync(Stop);
        Assert.Equal(1000, await transaction.NumberAsync("SELECT count(*) FROM dead_letter", Stop));
        Assert.Equal(8, await transaction.NumberAsync("SELECT count(*) FROM reading", Stop));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_status_with_acked_records_that_are_not_there_is_answered_with_missing()
    {
        store.Gate.SetResult();
        var spool = new SpoolId(5);
        var status = new GatewayStatus("gw1", true, "1", "boot", 0, "ok", new Dictionary<string, string>(), [new SpoolStatus(spool, SpoolClass.Normal, 9, [new NumberRange(1, 9)], [])]);
        await broker.SendAsync(new Topics().Status("gw1"), status.ToJson());
        await UntilAsync(() => broker.Acks("gw1").Count == 1);
        Assert.Equal([new NumberRange(1, 9)], broker.Acks("gw1")[0].Missing);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_clean_stop_commits_and_acks_what_is_queued()
    {
        var box = Box("gw1");
        await broker.SendAsync(box.All());
        await store.Writing.Task.WaitAsync(WaitMax, Stop);
        var second = Box("gw2", seed: 2);
        await broker.SendAsync(second.All());
        store.Gate.SetResult();
        await receiver.StopAsync(Stop);
        Assert.Single(broker.Acks("gw1"));
        Assert.Single(broker.Acks("gw2"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task City_topics_get_the_newest_value_and_back_fill_publishes_no_old_ones()
    {
        store.Gate.SetResult();
        var box = Box("gw1");
        await broker.SendAsync(box.Envelope(1, 3));
        await UntilAsync(() => broker.Acks("gw1").Count == 1);
        box.AddBlock(bootTimeMs: 500, value: 900);
        await broker.SendAsync(box.Envelope(4, 4, Lane.Backlog));
        await UntilAsync(() => broker.Acks("gw1").Count == 2);
        await publisher.StartAsync(Stop);
        await UntilAsync(() => City().Count == 2);
        var (topic, payload, retain) = City()[0];
        Assert.Equal("city/330106/005/012/pump-room-7/pms1/pm2_5", topic);
        Assert.True(retain);
        using var json = System.Text.Json.JsonDocument.Parse(payload);
        Assert.Equal(102, json.RootElement.GetProperty("value").GetDouble());
        Assert.Equal(("ug/m3", "good", "gw1", false), (json.RootElement.GetProperty("unit").GetString(), json.RootElement.GetProperty("grade").GetString(), json.RootElement.GetProperty("gateway").GetString(), json.RootElement.GetProperty("historical").GetBoolean()));
        Assert.Equal("2026-09-21T13:46:53.000Z".Length, json.RootElement.GetProperty("time").GetString()!.Length);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Every_urgent_reading_is_published_also_an_old_one_and_the_retained_value_never_goes_back()
    {
        store.Gate.SetResult();
        var box = new TestBox("gw1", 7, SpoolClass.Urgent);
        box.AddCatalog(streams: 1);
        box.AddBlock(count: 5, bootTimeMs: 50_000);
        box.AddBlock(count: 3, bootTimeMs: 1_000, value: 500);
        await broker.SendAsync(box.Envelope(1, 2, Lane.Urgent));
        await UntilAsync(() => broker.Acks("gw1").Count == 1);
        await broker.SendAsync(box.Envelope(3, 3, Lane.Backlog));
        await UntilAsync(() => broker.Acks("gw1").Count == 2);
        await publisher.StartAsync(Stop);
        await UntilAsync(() => City().Count == 8);
        Assert.Equal(1, City().Count(message => message.Retain));
        Assert.True(City()[4].Retain);
    }

    List<(string Topic, byte[] Payload, bool Retain)> City() => [.. broker.Published.Where(message => message.Topic.StartsWith("city/", StringComparison.Ordinal))];

    static TestBox Box(string gateway, int seed = 1)
    {
        var box = new TestBox(gateway, seed);
        box.AddCatalog();
        box.AddBlock();
        box.AddBlock(bootTimeMs: 10_000, value: 100);
        return box;
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }
    }
}
