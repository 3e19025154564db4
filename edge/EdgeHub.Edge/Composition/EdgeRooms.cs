using System.Security.Cryptography;
using System.Threading.Channels;
using EdgeHub.Edge.Bundles;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Outputs;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Wear;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Composition;

/// <summary>
/// The rooms of one box, put together: readings go from the <see cref="Sampler"/> through a bounded channel to the
/// <see cref="Recorder"/>, records from the <see cref="Spools"/> through the <see cref="Forwarder"/> to the city.
/// </summary>
sealed class EdgeRooms : IDisposable
{
    /// <summary>Readings between the Sampler and the Recorder: some minutes of a busy box while the disk stands still.</summary>
    const int ReadingsMax = 16_384;

    readonly SpoolLock? held;
    readonly SensorsMetrics sensorsMetrics = new();
    readonly UplinkMetrics uplinkMetrics;
    readonly Announcer announcer;

    public double ResendShare => uplinkMetrics.Resends.Value;

    public EdgeRooms(EdgeOptions options, BoxClock clock, Watchdog watchdog, TimeProvider time, ILoggerFactory logs, Func<GatewayStatus> status)
    {
        Clock = clock;
        Catalog = options.Catalog();
        var written = new WrittenBytes();
        try
        {
            held = SpoolMedia.Lock(options.Spool);
            Spools = Spools.Open(options.Spool, SpoolMedia.Of(options, written), Catalog, $"edgehub {Daemon.Version}", time, NewId, logs.CreateLogger<Spools>());
        }
        catch
        {
            held?.Dispose();
            throw;
        }

        uplinkMetrics = new UplinkMetrics(time);
        var readings = Channel.CreateBounded<Reading>(new BoundedChannelOptions(ReadingsMax) { SingleReader = true });
        Sampler = new Sampler(options.Sensors, readings.Writer, clock, sensorsMetrics, LineOpeners.Box(time, Path.Combine(options.DataDirectory, "totals")), Chance, watchdog, time, logs.CreateLogger<Sampler>());
        Sampler.TimeHeard = clock.Hear;
        Sampler.LineChanged = Announce;
        Outputs = new OutputDesk(Sampler, time, logs.CreateLogger<OutputDesk>());
        Recorder = new Recorder(readings.Reader, Spools, options.Spool, Catalog, clock, watchdog, time, logs.CreateLogger<Recorder>()) { Unread = Unread, FlushInterval = () => Wear!.FlushInterval };
        var device = BlockDevice.Under(options.Spool.Directory);
        Wear = new WearWatch(options.Spool, () => written.Bytes, () => device?.Written(), () => Recorder.Counts.Recorded.Aggregate(0UL, (sum, count) => sum + count), watchdog, time, logs.CreateLogger<WearWatch>());
        Keeper = new SpoolKeeper(Spools, watchdog, time);
        Mirror = options.Spool.Mirror is null ? null : new SpoolMirror(Spools, time);
        var will = GatewayStatus.Offline(options.Gateway.Id, Daemon.Version, BootText(clock)).ToJson();
        var topics = new Topics(options.Forwarder.Prefix);
        var budgets = options.Forwarder.Uplinks.Where(uplink => uplink.DataBudget is not null).GroupBy(uplink => uplink.Name, StringComparer.Ordinal)
            .ToDictionary(of => of.Key, of => new DataBudget(of.First().DataBudget!, Path.Combine(options.DataDirectory, $"data-used-{of.Key}"), WallTime, time), StringComparer.Ordinal);
        Uplinks = new Uplinks(
            options.Forwarder,
            [.. options.Forwarder.Uplinks.Select(uplink => new MqttUplink(uplink, options.Gateway.Id, topics, will, budgets.GetValueOrDefault(uplink.Name), time, RandomNumberGenerator.GetInt32(int.MaxValue), logs.CreateLogger<MqttUplink>()) { IsTimeUnknown = () => clock.Now().Quality == ClockQuality.None })],
            logs.CreateLogger<Uplinks>());
        announcer = new Announcer(options.Forwarder, options.Gateway.Id, Uplinks, status, () => Catalog, time);
        Forwarder = new Forwarder(options.Forwarder, options.Gateway.Id, Door(Spools), Uplinks, announcer, new StorePin(Path.Combine(options.DataDirectory, "store-id")), uplinkMetrics, watchdog, time, RandomNumberGenerator.GetInt32(int.MaxValue), logs.CreateLogger<Forwarder>());
        uplinkMetrics.Watch(Uplinks);
        Desk = new SpoolDesk(options.Gateway.Id, Spools, Door(Spools), Forwarder.SettleAsync, () => Forwarder.Store, logs.CreateLogger<SpoolDesk>(), time) { Counts = Recorder.Counts, Unread = Unread };
        var isVolatile = false;
        Spools.Recorded += notice =>
        {
            if (notice.IsVolatile != isVolatile)
                announcer.Say((isVolatile = notice.IsVolatile) ? "edgehub.spool.volatile" : "edgehub.spool.recording", Spools.Health.Sentence);
        };
        Spools.BooksDiffer += text => announcer.Say("edgehub.books.differ", text);
        DateTimeOffset? WallTime() => clock.Now().Quality is ClockQuality.Ntp or ClockQuality.Gnss ? time.GetUtcNow() : null;
    }

    public BoxClock Clock { get; }

    /// <summary>Tells the city of an event: its kind and one sentence.</summary>
    public void Announce(string kind, string text) => announcer.Say(kind, text);

    public Catalog Catalog { get; }

    public Sampler Sampler { get; }

    public OutputDesk Outputs { get; }

    public Recorder Recorder { get; }

    public SpoolKeeper Keeper { get; }

    public WearWatch Wear { get; }

    /// <summary>Null when there is one medium.</summary>
    public SpoolMirror? Mirror { get; }

    public Spools Spools { get; }

    public Forwarder Forwarder { get; }

    public Uplinks Uplinks { get; }

    public SpoolDesk Desk { get; }

    public static string BootText(BoxClock clock) => new SpoolId(clock.Boot).ToString();

    public void Dispose()
    {
        Sampler.Dispose();
        Forwarder.Dispose();
        Recorder.Dispose();
        Keeper.Dispose();
        Wear.Dispose();
        Mirror?.Dispose();
        Spools.Dispose();
        held?.Dispose();
        sensorsMetrics.Dispose();
        uplinkMetrics.Dispose();
    }

    internal static SpoolDoor Door(Spools spools) => new(
        spools.Views,
        (spool, numbers, recordsMax, bytesMax) => spools.Read(spool, numbers.First, numbers.Last, recordsMax, bytesMax),
        ack => spools.Release(ack.Spool, ack.Stored, ack.SetAside, ack.Digest),
        spools.Unrelease,
        handler => spools.Recorded += handler)
    {
        SubscribeChanges = handler => spools.Joined += handler,
    };

    // The sensors' count in the books' words.
    List<Unread> Unread() =>
    [
        .. Sampler.Sensors.Select(sensor => sensor.Snapshot()).SelectMany(sensor => sensor.Streams.SelectMany(stream => stream.Unread.Select(pair => new Unread
        {
            Sensor = sensor.Id,
            Quantity = stream.Quantity,
            Reason = pair.Key.Word(),
            Count = (ulong)pair.Value,
        }))),
    ];

    // Identity and jitter come from the system's own source here and nowhere else; everything below takes them as arguments.
    internal static UInt128 NewId()
    {
        Span<byte> bytes = stackalloc byte[SpoolId.Size];
        RandomNumberGenerator.Fill(bytes);
        return SpoolId.Read(bytes).Value;
    }

    static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
