using EdgeHub.CloudBridge.Intake;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.Servers;
using EdgeHub.Tests.Uplink;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace EdgeHub.Tests.Hosting;

/// <summary>A loop that waits on purpose, for a broker that is away or with nothing to do, is none that hangs.</summary>
public sealed class PatientLoopsTests
{
    const int TimeoutMs = 120_000;

    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    readonly Watchdog watchdog;

    public PatientLoopsTests() => watchdog = new Watchdog(time);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_box_that_waits_ten_minutes_between_two_tries_feeds_on()
    {
        var tries = 0;
        var options = UplinkRig.To(1) with { Name = "first", ReconnectDelayFirst = TimeSpan.FromMinutes(1), ReconnectDelayMax = TimeSpan.FromMinutes(10) };
        var uplink = new MqttUplink(options, "gw-1", new Topics(), [], null, time, 1, NullLogger<MqttUplink>.Instance)
        {
            NewClient = () =>
            {
                tries++;
                return new MqttClientFactory().CreateMqttClient();
            },
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = uplink.RunAsync(new UplinkHandlers((_, _) => default, () => default, _ => default), watchdog, stop.Token);
        await PassAsync(() => tries >= 10, "uplink first");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(watchdog.Stalled());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_bridge_that_waits_ten_minutes_for_its_broker_feeds_on()
    {
        await using var broker = Broker(1, TimeSpan.FromMinutes(10));
        await broker.StartAsync(Stop);
        await PassAsync(() => time.GetUtcNow().Hour >= 2, "broker connection");
        await broker.StopAsync(Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_bridge_to_which_nobody_sends_feeds_on()
    {
        await using var mosquitto = await Mosquitto.StartOpenAsync(Stop);
        await using var broker = Broker(mosquitto.Port, TimeSpan.FromSeconds(1));
        await broker.StartAsync(Stop);
        while (!broker.IsConnected)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
        await PassAsync(() => time.GetUtcNow().Minute >= 10, "broker connection");
        Assert.True(broker.IsConnected, broker.State);
        await broker.StopAsync(Stop);
    }

    ExternalBroker Broker(int port, TimeSpan reconnectMax)
    {
        var options = new BrokerOptions { Kind = BrokerKind.External, Endpoint = UplinkRig.To(port).Broker, ReconnectMax = reconnectMax };
        return new ExternalBroker(options, new Topics(), "0123456789abcdef", watchdog, time, NullLogger<ExternalBroker>.Instance);
    }

    // A loop that is stalled here stays so: time stands still until none is, and then the test's own limit ends it.
    async Task PassAsync(Func<bool> enough, string loop)
    {
        while (!enough())
        {
            time.Advance(TimeSpan.FromSeconds(10));
            do
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
            while (watchdog.Stalled().Any(stalled => stalled.Name == loop));
        }
    }
}
