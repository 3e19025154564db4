using System.Diagnostics.Metrics;
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
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>What the receiver does at its limits, when the store fails, and over days.</summary>
public sealed class ReceiverLimitTests : IAsyncLifetime
{
    const int TestMsMax = 60_000;
    const int QueueMax = 16;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    readonly ScratchDirectory scratch = new();
    readonly FakeBroker broker = new();
    readonly Watchdog watchdog = new(TimeProvider.System);
    GatedStore store = null!;
    Receiver receiver = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new GatedStore(await SqliteStore.OpenAsync(scratch.File("city.db"), Stop));
        var committer = new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance);
        receiver = new Receiver(broker, committer, new Topics(), new IntakeOptions { QueueMax = QueueMax, RetryDelay = TimeSpan.FromMilliseconds(10) }, watchdog, TimeProvider.System, NullLogger<Receiver>.Instance);
        await receiver.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        store.Gate.TrySetResult();
        await receiver.StopAsync(CancellationToken.None);
        receiver.Dispose();
        await broker.DisposeAsync();
        await store.DisposeAsync();
        scratch.Dispose();
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_finds_the_queue_full_is_dropped_and_counted_and_stored_when_the_box_sends_it_again()
    {
        using var dropped = new Tally("EdgeHub.Intake", "dropped_messages");
        var box = Box(blocks: 60);
        await broker.SendAsync(box.Envelope(1, 1));
        await broker.SendAsync(box.Envelope(2, 2));
        await store.Writing.Task.WaitAsync(WaitMax, Stop);
        for (var number = 3UL; number <= box.Head; number++)
            await broker.SendAsync(box.Envelope(number, number));
        Assert.True(dropped.Sum >= (long)box.Head - 2 - QueueMax, $"{dropped.Sum} were dropped.");
        store.Gate.SetResult();
        await UntilAsync(() => broker.Acks("gw1").Count > 0);

        // The box sends again whatever is not acked, until nothing is left.
        for (var number = 1UL; number <= box.Head; number++)
        {
            var one = number;
            while (!broker.Acks("gw1").Any(ack => ack.Stored.Any(range => range.Contains(one))))
            {
                await broker.SendAsync(box.Envelope(one, one));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            }
        }

        Assert.Equal(box.Sequence, await NumberAsync("SELECT count(*) FROM reading_row"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Twins_are_counted_and_kept_as_an_event_though_the_first_commit_fails()
    {
        using var twins = new Tally("EdgeHub.Intake", "twin_gateways");
        store.Failures = 2;
        store.Gate.SetResult();
        TestBox one = Box(3), other = Box(3, seed: 2);
        foreach (var (box, number) in new[] { (one, 1UL), (one, 2UL), (other, 1UL), (other, 2UL), (one, 3UL), (other, 3UL) })
            await broker.SendAsync(box.Envelope(number, number));
        await UntilAsync(() => broker.Acks("gw1").Sum(ack => ack.Stored.Sum(range => (long)range.Count)) == 6);
        Assert.Equal(0, store.Failures);
        Assert.Equal(1, await NumberAsync("SELECT count(*) FROM event WHERE kind = 'twin-gateway' AND gateway = 'gw1'"));
        Assert.InRange(twins.Sum, 1, 2);
        // No data is mixed: each spool has its own rows.
        Assert.Equal(2, await NumberAsync("SELECT count(DISTINCT spool) FROM reading_row"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Live_readings_that_a_newer_one_overtook_are_counted()
    {
        using var conflated = new Tally("EdgeHub.Publish", "conflated");
        using var publisher = new Publisher(new Outbox(store, "city"), broker, new PublishOptions { Pace = TimeSpan.FromMilliseconds(100) }, null, watchdog, TimeProvider.System, NullLogger<Publisher>.Instance);
        receiver.Committed = publisher.Take;
        store.Gate.SetResult();
        var box = Box(blocks: 5);
        await broker.SendAsync(box.Envelope(1, 4));
        await broker.SendAsync(box.Envelope(5, 6, Lane.Backlog));
        await UntilAsync(() => broker.Acks("gw1").Sum(ack => ack.Stored.Sum(range => (long)range.Count)) == 6);
        await publisher.StartAsync(Stop);
        // Three live blocks of four readings on two topics: two are published, ten overtaken; back-fill counts neither way.
        await UntilAsync(() => conflated.Sum >= 10);
        await publisher.StopAsync(Stop);
        Assert.Equal(2, broker.Published.Count(message => message.Topic.StartsWith("city/", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Short_hashes_are_dropped_after_thirty_days_by_the_daily_look()
    {
        store.Gate.SetResult();
        await broker.SendAsync(Box(3).All());
        await UntilAsync(() => broker.Acks("gw1").Count == 1);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var pruner = new HashPruner(store, new Watchdog(time), time, NullLogger<HashPruner>.Instance);
        await pruner.StartAsync(Stop);
        await PassAsync(time, TimeSpan.FromDays(29));
        Assert.NotEqual(0, await HashesAsync());
        while (await HashesAsync() > 0)
            await PassAsync(time, HashPruner.Interval);
        await pruner.StopAsync(Stop);
        Assert.InRange(time.GetUtcNow() - TimeProvider.System.GetUtcNow(), HashPruner.Kept - TimeSpan.FromMinutes(1), HashPruner.Kept + TimeSpan.FromDays(5));

        Task<long> HashesAsync() => NumberAsync("SELECT count(*) FROM record_hash WHERE hashes IS NOT NULL");
    }

    static TestBox Box(int blocks, int seed = 1)
    {
        var box = new TestBox("gw1", seed);
        box.AddCatalog();
        for (var i = 0; i < blocks; i++)
            box.AddBlock(bootTimeMs: 1000 + (i * 10_000), value: i * 100);
        return box;
    }

    // One long step wakes the loop once; it then looks at how much time has passed.
    static async Task PassAsync(FakeTimeProvider time, TimeSpan span)
    {
        time.Advance(span);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
    }

    async Task<long> NumberAsync(string sql)
    {
        await using var transaction = await store.BeginAsync(Stop);
        return await transaction.NumberAsync(sql, Stop) ?? 0;
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

    /// <summary>The sum of one counter while it is heard. Other tests of the process count too: it is never less than what this one did.</summary>
    sealed class Tally : IDisposable
    {
        readonly MeterListener listener = new();
        long sum;

        public Tally(string meter, string name)
        {
            listener.InstrumentPublished = (instrument, heard) =>
            {
                if (instrument.Meter.Name == meter && instrument.Name == name)
                    heard.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref sum, value));
            listener.Start();
        }

        public long Sum => Interlocked.Read(ref sum);

        public void Dispose() => listener.Dispose();
    }
}
