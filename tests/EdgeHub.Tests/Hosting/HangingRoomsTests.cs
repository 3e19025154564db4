using System.Threading.Channels;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using EdgeHub.Simulation.Disk;
using EdgeHub.Tests.CloudBridge;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Tests.Spool;
using EdgeHub.Tests.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace EdgeHub.Tests.Hosting;

/// <summary>Each loop of both daemons hangs once in what it waits for, and is named.</summary>
public sealed class HangingRoomsTests : IDisposable
{
    const int TimeoutMs = 60_000;

    static readonly TimeSpan Long = TimeSpan.FromHours(1);

    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    readonly Watchdog watchdog;
    readonly ManualResetEventSlim hung = new();
    readonly ManualResetEventSlim released = new();
    readonly UplinkMetrics metrics = new(TimeProvider.System);
    readonly string pin = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public HangingRoomsTests() => watchdog = new Watchdog(time);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_recorder_whose_commit_never_returns_is_named()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk) { Time = time };
        using var spools = lab.Open();
        disk.Before = (operation, _) => Hang(operation == "sync");
        var readings = Channel.CreateBounded<Reading>(64);
        var clock = new BoxClock(time, 7, () => time.GetUtcNow().ToUnixTimeMilliseconds(), () => true, 0);
        using var recorder = new Recorder(readings.Reader, spools, lab.Options, SpoolLab.Catalog, clock, watchdog, time, NullLogger<Recorder>.Instance);
        await recorder.StartAsync(Stop);
        readings.Writer.TryWrite(new Reading(0, 5_000, 7, Quality.Good));
        await PassUntilAsync(() => hung.IsSet);
        Assert.Empty(Stalled());
        time.Advance(Long);
        Assert.Equal(["recorder"], Stalled());
        released.Set();
        await PassUntilAsync(() => Stalled().Length == 0);
        await recorder.StopAsync(Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_forwarder_that_never_gets_an_answer_of_the_spool_is_named()
    {
        var door = new FakeSpools().Door;
        using var forwarder = Forwarder(door with { Views = () => Hang(true, door.Views()) }, StuckClient.New);
        var starting = Task.Run(() => forwarder.StartAsync(Stop), Stop);
        await PassUntilAsync(() => hung.IsSet);
        time.Advance(Long);
        Assert.Contains("forwarder", Stalled());
        released.Set();
        await starting;
        await PassUntilAsync(() => !Stalled().Contains("forwarder"));
        await StopAsync(forwarder);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_connection_that_hangs_is_named_and_one_that_stands_by_is_not()
    {
        var connecting = 0;
        using var forwarder = Forwarder(new FakeSpools().Door, () =>
        {
            Interlocked.Increment(ref connecting);
            return StuckClient.New();
        });
        await forwarder.StartAsync(Stop);
        await PassUntilAsync(() => connecting == 1);
        Assert.Empty(Stalled());
        // The announcer and the forwarder have nothing to do and turn all the same.
        await PassUntilAsync(() => Stalled() is ["uplink first"]);
        await StopAsync(forwarder);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_connection_at_which_nothing_happens_turns_and_an_announcer_that_hangs_is_named()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        var asked = 0;
        using var forwarder = Forwarder(new FakeSpools().Door, static () => new MqttClientFactory().CreateMqttClient(), broker.Port, () => Hang(Interlocked.Increment(ref asked) > 1));
        await forwarder.StartAsync(Stop);
        await PassUntilAsync(() => asked == 1, TimeSpan.Zero);
        var begun = time.GetTimestamp();
        await PassUntilAsync(() => hung.IsSet);
        await PassUntilAsync(() => time.GetElapsedTime(begun) > TimeSpan.FromMinutes(20));
        Assert.Equal(["announcer"], Stalled());
        released.Set();
        await PassUntilAsync(() => Stalled().Length == 0);
        await StopAsync(forwarder);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_receiver_and_a_publisher_whose_database_never_answers_are_named()
    {
        var store = new StuckStore();
        await using var broker = new FakeBroker();
        using var receiver = Receiver(store, broker);
        using var publisher = new Publisher(new Outbox(store, "city"), broker, new PublishOptions(), null, watchdog, time, NullLogger<Publisher>.Instance);
        await receiver.StartAsync(Stop);
        await publisher.StartAsync(Stop);
        Assert.Empty(Stalled());
        await PassUntilAsync(() => Stalled() is ["publisher", "receiver"]);
        await publisher.StopAsync(Stop);
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await receiver.StopAsync(atOnce.Token);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_broker_that_never_takes_an_ack_is_named()
    {
        using var scratch = new ScratchDirectory();
        await using var store = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = new FakeBroker { Publishing = () => taken.Task };
        using var receiver = Receiver(store, broker);
        await receiver.StartAsync(Stop);
        var box = new TestBox("gw-1", 1);
        box.AddCatalog();
        box.AddBlock();
        await broker.SendAsync(box.All());
        await PassUntilAsync(() => Stalled() is ["acks"]);
        taken.SetResult();
        await PassUntilAsync(() => Stalled().Length == 0 && broker.Acks("gw-1").Count > 0);
        await receiver.StopAsync(Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_spool_keeper_whose_medium_hangs_is_named()
    {
        var disk = new SimulatedDisk();
        var lab = new SpoolLab(disk) { Time = time };
        using var spools = lab.Open();
        Assert.True(spools.Append([SpoolLab.Block(1)]));
        disk.Before = (_, _) => Hang(true);
        using var keeper = new SpoolKeeper(spools, watchdog, time);
        await keeper.StartAsync(Stop);
        await PassUntilAsync(() => hung.IsSet);
        Assert.Empty(Stalled());
        time.Advance(Long);
        Assert.Equal(["spool keeper"], Stalled());
        released.Set();
        await PassUntilAsync(() => Stalled().Length == 0);
        await keeper.StopAsync(Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_clock_watch_that_hangs_is_named()
    {
        var bootTimeMs = 0L;
        var clock = new BoxClock(time, 7, () => bootTimeMs, () => true, 0);
        using var watch = new ClockWatch(clock, new ClockFloor(pin), (_, _) => Hang(true), watchdog, time, NullLogger<ClockWatch>.Instance);
        await watch.StartAsync(Stop);
        // Wall time passes and boot time does not: a jump, which is to be announced. The loop goes on where its timer is told, so not here.
        var passing = Task.Run(() => PassUntilAsync(() => hung.IsSet), Stop);
        hung.Wait(Stop);
        time.Advance(Long);
        Assert.Equal(["clock watch"], Stalled());
        released.Set();
        await passing;
        await PassUntilAsync(() => Stalled().Length == 0);
        await watch.StopAsync(Stop);
    }

    public void Dispose()
    {
        released.Set();
        hung.Dispose();
        released.Dispose();
        metrics.Dispose();
        File.Delete(pin);
    }

    Receiver Receiver(IReadingStore store, IBroker broker) =>
        new(broker, new EdgeHub.CloudBridge.Store.Commits.Committer(store, time, NullLogger<EdgeHub.CloudBridge.Store.Commits.Committer>.Instance), new Topics(), new IntakeOptions(), watchdog, time, NullLogger<Receiver>.Instance);

    Forwarder Forwarder(SpoolDoor door, Func<IMqttClient> client, int port = 1, Action? asked = null)
    {
        var first = UplinkRig.To(port) with { Name = "first" };
        var options = new ForwarderOptions { Uplinks = [first, first with { Name = "second" }], FailoverAfter = TimeSpan.FromDays(1), Limits = new ForwarderLimits() };
        var ways = options.Uplinks.Select(way => new MqttUplink(way, "gw-1", new Topics(), [], null, time, 1, NullLogger<MqttUplink>.Instance) { NewClient = client });
        var uplinks = new Uplinks(options, [.. ways], NullLogger<Uplinks>.Instance);
        var announcer = new Announcer(options, "gw-1", uplinks, Status, () => null, time);
        return new Forwarder(options, "gw-1", door, uplinks, announcer, new StorePin(pin), metrics, watchdog, time, 1, NullLogger<Forwarder>.Instance);

        GatewayStatus Status()
        {
            asked?.Invoke();
            return new GatewayStatus("gw-1", true, "1", "boot", 1, "ok", new Dictionary<string, string>(), []);
        }
    }

    // Where a loop hangs: until the test lets it go.
    void Hang(bool here)
    {
        if (!here || released.IsSet)
            return;
        hung.Set();
        released.Wait(Stop);
    }

    T Hang<T>(bool here, T then)
    {
        Hang(here);
        return then;
    }

    string[] Stalled() => [.. watchdog.Stalled().Select(loop => loop.Name).Order(StringComparer.Ordinal)];

    // A hanging library heeds no stop either: the host waits for it only so long.
    static async Task StopAsync(Forwarder forwarder)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await forwarder.StopAsync(limit.Token);
    }

    // Virtual time goes on in steps shorter than any loop's turn, until it is so.
    Task PassUntilAsync(Func<bool> condition) => PassUntilAsync(condition, TimeSpan.FromSeconds(5));

    async Task PassUntilAsync(Func<bool> condition, TimeSpan step)
    {
        while (!condition())
        {
            time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
        }
    }
}
