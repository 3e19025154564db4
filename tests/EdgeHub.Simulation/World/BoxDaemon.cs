using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Tls;
using EdgeHub.Simulation.Network;
using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Simulation.World;

/// <summary>One life of <c>edgehub</c>: its real rooms, put together as the daemon does it, on the world's thread.</summary>
sealed class BoxDaemon : IDisposable
{
    /// <summary>Ranges of one spool in a status, as the daemon limits them.</summary>
    const int RangesMax = 64;
    const int ReadingsMax = 256;

    // No true time lies before the day the program was built.
    static readonly long FloorUnixMs = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    readonly SimWorld world;
    readonly BoxClock clock;
    readonly SimClock time;
    readonly Channel<Reading> readings = Channel.CreateBounded<Reading>(new BoundedChannelOptions(ReadingsMax) { SingleReader = true });
    readonly UplinkMetrics metrics;
    readonly Recorder recorder;
    readonly Forwarder forwarder;
    readonly CancellationTokenSource stop = new();

    public BoxDaemon(SimWorld world, SimBox box, Chance chance)
    {
        this.world = world;
        Process = new SimProcess(world.Loop, "edgehub", OnDied);
        time = new SimClock(world.Loop, Process, box.Wall);
        clock = new BoxClock(time, box.Boot, () => box.BootTimeMs, () => box.IsSynchronized, FloorUnixMs);
        var ids = world.Sabotage == Sabotage.NumbersReused ? new Chance(7) : new Chance(chance.Next64());
        var media = box.Second is { } second ? new MediaSetup(SimBox.Id, box.First.Open, world.Setup.Mirror, second.Open) : MediaSetup.Of(box.First.Disk);
        Spools = Spools.Open(world.Setup.Spool, media, Streams.Catalog, "simulation", time, ids.Next128, NullLogger<Spools>.Instance);
        Spools.Recorded += notice =>
        {
            if (Process.IsDead)
                return;
            // Nothing was promised on its word while the first one led.
            world.Oracle.DiskLies |= box.Second is { Lies: true } && Spools.Health.Mirror is { IsMirrorLead: true };
            world.Oracle.Recorded(notice, Spools);
        };
        var watchdog = new Watchdog(time);
        recorder = new Recorder(readings.Reader, Spools, world.Setup.Spool, Streams.Catalog, clock, watchdog, time, NullLogger<Recorder>.Instance);
        if (world.Sabotage == Sabotage.CountsTooMany)
            recorder.Counts.Count(new Reading(0, 0, 0, Quality.Good));
        metrics = new UplinkMetrics(time);
        var options = new ForwarderOptions
        {
            Uplinks = [.. world.Brokers.Select(way => new UplinkOptions { Name = way.Name, Broker = new BrokerEndpoint(way.Name, 1883, false, null, null, new TlsFiles(null, null, null), null), KeepAlive = world.Setup.KeepAlive, Protocol = UplinkProtocol.Mqtt5 })],
            Limits = world.Setup.Limits,
            StoreId = world.City.StoreId,
            StatusInterval = world.Setup.StatusInterval,
            FailbackAfter = world.Setup.FailbackAfter,
        };
        var will = GatewayStatus.Offline(SimBox.Id, "simulation", "").ToJson();
        var uplinks = new Uplinks(options, [.. options.Uplinks.Zip(world.Brokers, (way, broker) => new MqttUplink(way, SimBox.Id, new Topics(), will, null, time, (int)(chance.Next64() >> 33), NullLogger<MqttUplink>.Instance)
        {
            NewClient = () => new SimMqttClient(broker, broker.BoxLink, () => Process.IsDead) { Reads = world.Aggressor.Read },
        })], NullLogger<Uplinks>.Instance);
        var announcer = new Announcer(options, SimBox.Id, uplinks, Status, () => Streams.Catalog, time);
        forwarder = new Forwarder(options, SimBox.Id, Door(), uplinks, announcer, new StorePin(world.PinPath), metrics, watchdog, time, (int)(chance.Next64() >> 33), NullLogger<Forwarder>.Instance);
        Process.Start(() => Execute(recorder, stop.Token));
        Process.Start(() => Execute(forwarder, stop.Token));
        Process.Start(KeepAsync);
        if (box.Second is not null)
            Process.Start(MirrorAsync);
    }

    public SimProcess Process { get; }

    public Spools Spools { get; }

    public ChannelWriter<Reading> Readings => readings.Writer;

    /// <summary>As SIGTERM does; give it a few seconds before <see cref="Close"/>.</summary>
    public void Stop() => Process.Post(_ => stop.Cancel(), null);

    /// <summary>The end of a clean stop.</summary>
    public void Close()
    {
        Spools.Dispose();
        Process.Kill();
        Dispose();
    }

    /// <summary>After a kill: what holds memory in this process is let go; the disk hears nothing of it.</summary>
    public void Abandon()
    {
        world.Box.Deafly(Spools.Dispose);
        Dispose();
    }

    public void Dispose()
    {
        metrics.Dispose();
        forwarder.Dispose();
        recorder.Dispose();
        stop.Dispose();
    }

    async Task KeepAsync()
    {
        while (true)
        {
            Spools.Keep();
            await Task.Delay(world.Setup.KeepInterval, time, stop.Token);
        }
    }

    // Later than the daemon does, so that the second medium lacks something when the first one goes.
    async Task MirrorAsync()
    {
        while (true)
        {
            Spools.Mirror();
            await Task.Delay(world.Setup.MirrorInterval, time, stop.Token);
        }
    }

    void OnDied(SimProcess process, Exception error)
    {
        if (error is OperationCanceledException && stop.IsCancellationRequested)
            return;
        world.Oracle.Abort($"a loop of the box died: {error}");
    }

    SpoolDoor Door() => new(
        Spools.Views,
        (spool, numbers, recordsMax, bytesMax) => Spools.Read(spool, numbers.First, numbers.Last, recordsMax, bytesMax),
        ack => Spools.Release(ack.Spool, ack.Stored, ack.SetAside, world.Sabotage == Sabotage.DigestIgnored ? OwnDigest(ack) : ack.Digest),
        Spools.Unrelease,
        handler => Spools.Recorded += handler)
    {
        SubscribeChanges = handler => Spools.Joined += handler,
    };

    RecordHash OwnDigest(Ack ack)
    {
        var hashes = new List<RecordHash>();
        foreach (var range in new RangeSet([.. ack.Stored, .. ack.SetAside]))
            for (var number = range.First; number <= range.Last && Spools.Read(ack.Spool, number, number, 1, 1) is { } run; number++)
                hashes.Add(RecordHash.Of(run.Records[0].Span));
        return RecordHash.DigestOf(hashes);
    }

    GatewayStatus Status() => new(
        SimBox.Id,
        true,
        "simulation",
        "",
        time.GetUtcNow().ToUnixTimeMilliseconds(),
        "ok",
        new Dictionary<string, string>(),
        [.. Spools.Views().Take(WireLimits.RangesPerMessageMax).Select(view => new SpoolStatus(view.Id, view.Class, view.Head, [.. view.Acked.Take(RangesMax)], [.. view.Waiting.Take(RangesMax)]))]);

    // .NET 10 starts a background service on the thread pool; here it starts where it is to run.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ExecuteAsync")]
    static extern Task Execute(Recorder recorder, CancellationToken stoppingToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ExecuteAsync")]
    static extern Task Execute(Forwarder forwarder, CancellationToken stoppingToken);
}
