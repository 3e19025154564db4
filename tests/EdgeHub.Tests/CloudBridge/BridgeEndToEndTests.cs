using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Settings;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MQTTnet;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>The whole bridge in this process, behind a real broker on a real port.</summary>
public sealed class BridgeEndToEndTests : IDisposable
{
    const int TestMsMax = 90_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(40);

    readonly ScratchDirectory scratch = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = TestMsMax)]
    public async Task Behind_the_embedded_broker_a_box_is_acked_and_retained_values_outlive_a_restart()
    {
        var port = Mosquitto.FreePort();
        var options = Options($$"""{ "broker": { "listen": "127.0.0.1:{{port}}" } }""");
        var box = Box();
        await using (var bridge = await StartAsync(options))
        {
            var heard = new ConcurrentQueue<MqttApplicationMessage>();
            using var client = await ConnectAsync(port, heard, "edgehub/v1/gw1/ack", "city/#");
            await SendAsync(client, box);
            await UntilAsync(() => heard.Count(message => message.Topic.StartsWith("city/", StringComparison.Ordinal)) == 2 && heard.Any(message => message.Topic.EndsWith("/ack", StringComparison.Ordinal)));
            await client.DisconnectAsync(cancellationToken: Stop);
        }

        await using (var bridge = await StartAsync(options))
        {
            var heard = new ConcurrentQueue<MqttApplicationMessage>();
            using var client = await ConnectAsync(port, heard, "city/#");
            await UntilAsync(() => heard.Count(message => message.Retain) == 2);
        }
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Behind_mosquitto_with_the_file_of_the_docs_mosquitto_sub_sees_city_json()
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "mosquitto.conf"), Stop)).Where(line => line.Length > 0 && line[0] != '#' && !line.StartsWith("listener", StringComparison.Ordinal)).ToArray();
        await using var broker = await Mosquitto.StartAsync(_ => [.. lines.Where(line => !line.StartsWith("persistence", StringComparison.Ordinal))], Stop);
        await using var bridge = await StartAsync(Options($$"""{ "broker": { "kind": "external", "broker": "mqtt://127.0.0.1:{{broker.Port}}" } }"""));
        await UntilAsync(() => bridge.Broker.IsConnected);
        var heard = new ConcurrentQueue<MqttApplicationMessage>();
        using var client = await ConnectAsync(broker.Port, heard, "edgehub/v1/gw1/ack");
        var box = Box();
        await SendAsync(client, box);
        await UntilAsync(() => !heard.IsEmpty);
        var ack = Ack.TryParse(System.Buffers.BuffersExtensions.ToArray(heard.First().Payload), out _)!;
        Assert.Equal(box.DigestOf(box.Numbers), ack.Digest);
        var seen = await SubscribeAsync(broker.Port);
        Assert.Contains("city/330106/005/012/pump-room-7/pms1/pm2_5 {\"time\":", seen, StringComparison.Ordinal);
        Assert.Contains("\"unit\":\"ug/m3\"", seen, StringComparison.Ordinal);

        // A broker that dies and comes back finds the bridge again.
        await broker.RestartAsync(Stop);
        await UntilAsync(() => bridge.Broker.IsConnected);
    }

    [Theory]
    [InlineData("""{ "broker": { "listen": "0.0.0.0:1883" } }""", "broker.listen")]
    [InlineData("""{ "broker": { "kind": "external", "broker": "http://x" } }""", "broker.broker")]
    [InlineData("""{ "store": { "kind": "postgres" } }""", "store.connection")]
    [InlineData("""{ "stroe": {} }""", "stroe")]
    [InlineData("""{ "broker": { "users": [ { "name": "gw1", "gateway": "gw1" } ] } }""", "broker.users[0].passwordHash")]
    public void A_wrong_configuration_is_named_by_its_key(string json, string key)
    {
        var document = SettingsDocument.FromText(json, "test", "X__", new Dictionary<string, string>());
        BridgeOptions.Read(document, new Dictionary<string, string>());
        Assert.Contains(document.Errors, error => error.Key == key);
    }

    BridgeOptions Options(string json)
    {
        var document = SettingsDocument.FromText(json, "test", "X__", new Dictionary<string, string>());
        var options = BridgeOptions.Read(document, new Dictionary<string, string>());
        Assert.Empty(document.Errors);
        return options with { Store = new StoreOptions { File = scratch.File("city.db") } };
    }

    static async Task<RunningBridge> StartAsync(BridgeOptions options)
    {
        var store = await BridgeServices.OpenStoreAsync(options.Store, TimeProvider.System, Stop);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddBridge(options, store, new Watchdog(TimeProvider.System));
        var host = builder.Build();
        await host.StartAsync(Stop);
        return new RunningBridge(host, store);
    }

    static TestBox Box()
    {
        var box = new TestBox("gw1", 1);
        box.AddCatalog();
        box.AddBlock();
        return box;
    }

    static async Task<IMqttClient> ConnectAsync(int port, ConcurrentQueue<MqttApplicationMessage> heard, params string[] topics)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            heard.Enqueue(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("gw1").Build(), Stop);
        foreach (var topic in topics)
            await client.SubscribeAsync(topic, cancellationToken: Stop);
        return client;
    }

    static async Task SendAsync(IMqttClient client, TestBox box)
    {
        using var codec = new EnvelopeCodec();
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("edgehub/v1/gw1/records").WithPayload(codec.Encode(box.All())).WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);
    }

    static async Task<string> SubscribeAsync(int port)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_sub"), "This test needs mosquitto_sub: install the Debian package mosquitto-clients.");
        using var process = Process.Start(new ProcessStartInfo("mosquitto_sub", ["-p", $"{port}", "-v", "-t", "city/#", "-C", "2", "-W", "20"]) { RedirectStandardOutput = true })!;
        return await process.StandardOutput.ReadToEndAsync(Stop);
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    sealed class RunningBridge(IHost host, IReadingStore store) : IAsyncDisposable
    {
        public IBroker Broker => host.Services.GetRequiredService<IBroker>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
            await store.DisposeAsync();
        }
    }
}
