using System.Collections.Concurrent;
using EdgeHub.CloudBridge.Cli;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>What a hostile or broken publisher sends is refused or kept aside, and can be looked at.</summary>
public sealed class TrustTests : IDisposable
{
    const int TestMsMax = 90_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    readonly ScratchDirectory scratch = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = TestMsMax)]
    public async Task Under_the_rules_that_the_bridge_writes_mosquitto_lets_a_box_speak_and_hear_below_its_own_id_alone()
    {
        var rules = await SaysAsync("acl", "--broker", "mosquitto");
        await using var broker = await Mosquitto.StartAsync(directory =>
        {
            var file = Path.Combine(directory, "acl");
            File.WriteAllText(file, rules);
            return [.. Mosquitto.Users(directory, ("gw-a", "a"), ("gw-b", "b"), ("edgehub-bridge", "bridge"), ("platform", "platform")), $"acl_file {file}"];
        }, Stop);
        using var bridge = await ConnectAsync(broker, "edgehub-bridge", "bridge");
        using var box = await ConnectAsync(broker, "gw-a", "a");
        using var platform = await ConnectAsync(broker, "platform", "platform");
        var (atBridge, atBox, atPlatform) = (await HearAsync(bridge, "edgehub/v1/+/records", "edgehub/v1/+/status"), await HearAsync(box, "edgehub/v1/gw-a/ack", "edgehub/v1/gw-a/commands/#", "edgehub/v1/gw-b/ack", "city/#"), await HearAsync(platform, "city/#", "edgehub/v1/+/status", "edgehub/v1/+/records"));
        foreach (var (from, topic) in new[]
        {
            (box, "edgehub/v1/gw-b/records"), (box, "edgehub/v1/gw-b/status"), (box, "edgehub/v1/gw-a/ack"), (box, "edgehub/v1/gw-b/ack"), (box, "city/a/b/c/d/e/f"), (platform, "edgehub/v1/gw-a/ack"), (platform, "edgehub/v1/gw-a/records"), (platform, "city/a/b/c/d/e/f"),
            (box, "edgehub/v1/gw-a/records"), (box, "edgehub/v1/gw-a/status"), (bridge, "edgehub/v1/gw-b/ack"), (bridge, "edgehub/v1/gw-a/ack"), (bridge, "city/1/2/3/4/5/6"), (platform, "edgehub/v1/gw-a/commands/last"),
        })
            await from.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);
        await UntilAsync(() => atBox.Contains("edgehub/v1/gw-a/commands/last") && atBridge.Count >= 2 && atPlatform.Count >= 2);
        Assert.Equal(["edgehub/v1/gw-a/records", "edgehub/v1/gw-a/status"], atBridge.Order(StringComparer.Ordinal));
        Assert.Equal(["edgehub/v1/gw-a/ack", "edgehub/v1/gw-a/commands/last"], atBox.Order(StringComparer.Ordinal));
        Assert.Equal(["city/1/2/3/4/5/6", "edgehub/v1/gw-a/status"], atPlatform.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_rules_of_RabbitMQ_name_each_box_by_its_user_and_write_slashes_as_dots()
    {
        var rules = await SaysAsync("acl", "--broker", "rabbitmq", "--bridge-user", "city-bridge");
        Assert.Contains(@"'^edgehub\.v1\.{username}\.(records|status|catalog|events)$'", rules, StringComparison.Ordinal);
        Assert.Contains("set_topic_permissions 'city-bridge'", rules, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Dead_letters_are_listed_and_what_is_an_envelope_after_all_is_delivered_by_a_replay()
    {
        var box = new TestBox("gw-letter", 1);
        box.AddCatalog();
        box.AddBlock();
        using var codec = new EnvelopeCodec();
        var topics = new Topics();
        await using (var store = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop))
            await new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync([], [new DeadLetter(topics.Records("gw-letter"), "the envelope has version 9", codec.Encode(box.All())), new DeadLetter(topics.Records("gw-other"), "the payload is of gateway gw-letter", codec.Encode(box.All())), new DeadLetter("edgehub/v1/gw-x/records", "no envelope", new byte[] { 1, 2, 3 })], [], Stop);
        await File.WriteAllTextAsync(scratch.File("bridge.json"), $$"""{ "store": { "file": "{{scratch.File("city.db")}}" } }""", Stop);

        var listed = await SaysAsync("dead-letters", "list", "--config", scratch.File("bridge.json"));
        Assert.Contains("edgehub/v1/gw-x/records  3 bytes  010203  no envelope", listed, StringComparison.Ordinal);
        Assert.Contains("3 dead letters", listed, StringComparison.Ordinal);
        Assert.Contains("Tried 3 letters; 1 were records after all and are delivered, with 4 new readings; 2 stay.", await SaysAsync("dead-letters", "replay", "--config", scratch.File("bridge.json")), StringComparison.Ordinal);
        Assert.Contains("Tried 1 letters; 0 were", await SaysAsync("dead-letters", "replay", "--key", "2", "--config", scratch.File("bridge.json")), StringComparison.Ordinal);
        await using var after = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        await using var transaction = await after.BeginAsync(Stop);
        Assert.Equal(4, await transaction.NumberAsync("SELECT count(*) FROM reading WHERE gateway = 'gw-letter'", Stop));
        Assert.Equal(0, await transaction.NumberAsync("SELECT count(*) FROM reading WHERE gateway = 'gw-other'", Stop));
    }

    static async Task<string> SaysAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await new BridgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, TextReader.Null, output, errors).RunAsync(arguments);
        Assert.True(code == 0, errors.ToString());
        return output.ToString();
    }

    static async Task<IMqttClient> ConnectAsync(Mosquitto broker, string user, string password)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithClientId(user).WithCredentials(user, password).Build(), Stop);
        return client;
    }

    static async Task<ConcurrentQueue<string>> HearAsync(IMqttClient client, params string[] filters)
    {
        var heard = new ConcurrentQueue<string>();
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            heard.Enqueue(arguments.ApplicationMessage.Topic);
            return Task.CompletedTask;
        };
        foreach (var filter in filters)
            await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, Stop);
        return heard;
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(WaitMax);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }
}
