using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Tls;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.Uplink;

/// <summary>A Forwarder with its real connection over spools in memory, with short waits.</summary>
sealed class UplinkRig : IAsyncDisposable
{
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    readonly string directory = Directory.CreateTempSubdirectory("edgehub-uplink-").FullName;
    readonly UplinkMetrics metrics = new(TimeProvider.System);
    readonly Announcer announcer;

    public UplinkRig(int port, string gateway = "gw-1", Func<UplinkOptions, UplinkOptions>? change = null, string? storeId = null, params UplinkOptions[] more)
    {
        var first = To(port);
        Options = change is null ? first : change(first);
        var common = new ForwarderOptions
        {
            Uplinks = [Options, .. more],
            StoreId = storeId,
            FailoverAfter = FailoverAfter,
            FailbackAfter = FailbackAfter,
            Limits = new ForwarderLimits { Linger = TimeSpan.FromMilliseconds(50), AckTimeout = TimeSpan.FromMilliseconds(500), ResendDelayFirst = TimeSpan.FromMilliseconds(100), ProbeDelayMax = TimeSpan.FromMilliseconds(300) },
        };
        var catalog = new Catalog { Site = "yard", Streams = { new EdgeHub.Wire.Proto.Stream { Sensor = "pms1", Quantity = "pm2_5", Unit = "ug/m3", SpoolClass = SpoolClass.Normal } } };
        var topics = new Topics(common.Prefix);
        Uplinks = new Uplinks(common, [.. common.Uplinks.Select(uplink => new MqttUplink(uplink, gateway, topics, GatewayStatus.Offline(gateway, "1", "boot").ToJson(), Budget(uplink), TimeProvider.System, 1, NullLogger<MqttUplink>.Instance))], NullLogger<Uplinks>.Instance);
        announcer = new Announcer(common, gateway, Uplinks, () => new GatewayStatus(gateway, true, "1", "boot", 1, "ok", new Dictionary<string, string>(), []), () => catalog, TimeProvider.System);
        Pin = new StorePin(Path.Combine(directory, "store"));
        Forwarder = new Forwarder(common, gateway, Spools.Door, Uplinks, announcer, Pin, metrics, new EdgeHub.Hosting.Progress.Watchdog(TimeProvider.System), TimeProvider.System, 1, NullLogger<Forwarder>.Instance);
    }

    public UplinkOptions Options { get; }

    public FakeSpools Spools { get; } = new();

    public Uplinks Uplinks { get; }

    public MqttUplink Mqtt => Uplinks.Ways[0];

    public Forwarder Forwarder { get; }

    public StorePin Pin { get; }

    public UplinkCondition Condition => Forwarder.State.Condition;

    public static TimeSpan FailoverAfter { get; } = TimeSpan.FromSeconds(2);

    public static TimeSpan FailbackAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>An uplink with short waits.</summary>
    public static UplinkOptions To(int port) => new()
    {
        Broker = new BrokerEndpoint("127.0.0.1", port, false, null, null, new TlsFiles(null, null, null), null),
        KeepAlive = TimeSpan.FromSeconds(2),
        ReconnectDelayFirst = TimeSpan.FromMilliseconds(50),
        ReconnectDelayMax = TimeSpan.FromMilliseconds(300),
    };

    public static Func<UplinkOptions, UplinkOptions> With(Func<BrokerEndpoint, BrokerEndpoint> change) => options => options with { Broker = change(options.Broker) };

    public static Func<UplinkOptions, UplinkOptions> Login(string user, string password) => With(broker => broker with { User = user, Password = new Secret(password) });

    public Task StartAsync(CancellationToken stop) => Forwarder.StartAsync(stop);

    /// <summary>Waits for a condition, and says how the uplink stood when it never came.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, CancellationToken stop)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(Forwarder.ExecuteTask is not { IsFaulted: true }, $"The Forwarder died: {Forwarder.ExecuteTask?.Exception}");
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, $"Never came: {what}. The uplink says: {Forwarder.State}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stop);
        }
    }

    public Task UntilAsync(UplinkCondition condition, CancellationToken stop) => UntilAsync(() => Condition == condition, condition.ToString(), stop);

    DataBudget? Budget(UplinkOptions uplink) =>
        uplink.DataBudget is { } allowance ? new DataBudget(allowance, Path.Combine(directory, $"used-{uplink.Name}"), () => null, TimeProvider.System) : null;

    public async ValueTask DisposeAsync()
    {
        await Forwarder.StopAsync(CancellationToken.None);
        Forwarder.Dispose();
        metrics.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
