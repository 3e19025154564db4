using System.Diagnostics;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Settings;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire.Proto;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class LinkFaultTests
{
    const int TimeoutMs = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_half_open_link_is_found_within_two_keepalives_and_loses_nothing(bool busy)
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var city = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var rig = new UplinkRig(broker.Port);
        rig.Spools.Record(1, SpoolClass.Urgent, 1);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "the first record", Stop);
        await SignalAsync("STOP", broker.ProcessId);
        var frozen = TimeProvider.System.GetTimestamp();
        try
        {
            if (busy)
                rig.Spools.Record(1, SpoolClass.Urgent, 5);
            await rig.UntilAsync(() => !rig.Mqtt.IsConnected, "the end of the connection", Stop);
            // The half second is for a machine that is busy with other tests.
            Assert.InRange(TimeProvider.System.GetElapsedTime(frozen), TimeSpan.Zero, (rig.Options.KeepAlive * 2) + TimeSpan.FromSeconds(0.5));
            rig.Spools.Record(1, SpoolClass.Urgent, 5);
        }
        finally
        {
            await SignalAsync("CONT", broker.ProcessId);
        }

        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(UplinkProtocol.Auto)]
    [InlineData(UplinkProtocol.Mqtt311)]
    public async Task A_broker_of_MQTT_3_1_1_gets_everything_too(UplinkProtocol protocol)
    {
        var port = Mosquitto.FreePort();
        using var broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).Build());
        var refused = 0;
        broker.ValidatingConnectionAsync += connecting =>
        {
            if (connecting.ClientId == "gw-1" && connecting.ProtocolVersion == MqttProtocolVersion.V500)
            {
                refused++;
                connecting.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
            }

            return Task.CompletedTask;
        };
        await broker.StartAsync();
        await using var city = await TestBridge.StartAsync(port, "gw-1", Stop);
        await using var rig = new UplinkRig(port, change: options => options with { Protocol = protocol });
        rig.Spools.Record(1, SpoolClass.Urgent, 50);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        Assert.Equal(protocol == UplinkProtocol.Auto, refused > 0);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task The_server_s_greatest_packet_is_never_passed()
    {
        await using var broker = await Mosquitto.StartOpenAsync(Stop, "max_packet_size 2000");
        await using var city = await TestBridge.StartAsync(broker.Port, "gw-1", Stop);
        await using var rig = new UplinkRig(broker.Port);
        rig.Spools.Record(1, SpoolClass.Urgent, 500, bytes: 200);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Spools.Waiting == 0, "all released", Stop);
        Assert.All(city.Envelopes, envelope => Assert.InRange(envelope.Records.Sum(record => record.Length), 1, 2000));
    }

    [Theory]
    [InlineData("""{ "broker": "http://city" }""", "broker")]
    [InlineData("""{ "broker": "mqtt://city", "prefix": "a/+/b" }""", "prefix")]
    [InlineData("""{ "broker": "mqtt://city", "inFlightMax": 0 }""", "inFlightMax")]
    [InlineData("""{ "broker": "mqtt://city", "keepAlive": "1 fortnight" }""", "keepAlive")]
    [InlineData("""{ "broker": "mqtt://city", "bytesPerEnvelope": "1GiB" }""", "bytesPerEnvelope")]
    [InlineData("""{ "broker": "mqtt://city", "protocol": "amqp" }""", "protocol")]
    [InlineData("""{ "broker": "mqtt://city", "lingr": "1s" }""", "lingr")]
    [InlineData("""{ "broker": "mqtts://city", "caFile": "/no/such/ca.pem" }""", "caFile")]
    public void A_wrong_option_is_named_by_its_key_with_a_fix(string json, string key)
    {
        var document = SettingsDocument.FromText($$"""{ "uplink": {{json}} }""", "test", "NONE__", new Dictionary<string, string>());
        ForwarderOptions.Read(document.Root);
        var error = Assert.Single(document.Errors);
        Assert.Equal($"uplink.{key}", error.Key);
        Assert.NotEmpty(error.Fix);
    }

    static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }
}
