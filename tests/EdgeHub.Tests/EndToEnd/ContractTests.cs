using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeHub.DeviceSims.Drills;
using EdgeHub.Tests.Servers;
using MQTTnet;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>What platform teams are given in writing is what they hear: the running product against <c>docs/asyncapi.yaml</c>.</summary>
[Collection("whole machine")]
public sealed class ContractTests
{
    readonly PublishedContract contract = new();

    [Fact]
    public void Every_example_of_the_contract_fits_its_schema()
    {
        var examples = contract.Examples.ToList();
        Assert.All(examples, example => Assert.Equal("", contract.FaultOf(example.Channel, example.Payload)));
        Assert.Superset(contract.Channels.Except(["records"]).ToHashSet(), examples.Select(example => example.Channel).ToHashSet());
    }

    [Fact]
    public void A_field_too_many_or_too_few_does_not_fit()
    {
        var reading = contract.Examples.First(example => example.Channel == "city").Payload.AsObject();
        var more = reading.DeepClone().AsObject();
        more["colour"] = "red";
        var less = reading.DeepClone().AsObject();
        less.Remove("unit");
        Assert.NotEqual("", contract.FaultOf("city", more));
        Assert.NotEqual("", contract.FaultOf("city", less));
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_message_of_the_running_product_fits_the_contract()
    {
        Mosquitto.SkipUnlessInstalled();
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("edgehub-contract-").FullName;
        await using (var stand = new Stand(directory, TextWriter.Null, TimeProvider.System) { BrokerCount = 1 })
        {
            await stand.StartAsync();
            var heard = new ConcurrentQueue<(string Topic, byte[] Payload)>();
            using var listener = await ConnectAsync(stand, "platform-team", stop);
            listener.ApplicationMessageReceivedAsync += message =>
            {
                heard.Enqueue((message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray()));
                return Task.CompletedTask;
            };
            await listener.SubscribeAsync("#", cancellationToken: stop);
            await UntilHeardAsync(heard, ["city", "records", "status", "catalog", "ack"], stop);

            // Somebody else under the box's id, again and again: the broker says the box's last will, and at last the box has an event to tell.
            while (!heard.Any(message => contract.ChannelOf(message.Topic) == "events"))
            {
                var times = Online(heard);
                using (var rival = await ConnectAsync(stand, "drill-box", stop))
                    await rival.DisconnectAsync(cancellationToken: stop);
                while (Online(heard) == times)
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
            }

            Assert.Contains(heard, message => message.Topic == "edgehub/v1/drill-box/status" && StatusOf(message.Payload) == "offline");
            Assert.All(heard, message => Assert.Equal("", Fault(message.Topic, message.Payload)));
        }

        Directory.Delete(directory, recursive: true);
    }

    string Fault(string topic, byte[] payload) =>
        contract.ChannelOf(topic) is not { } channel ? $"{topic} is not in the contract"
        : contract.FaultOf(channel, channel == "records" ? null : JsonNode.Parse(payload)) is { Length: > 0 } fault ? $"{topic} {JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(payload))}: {fault}"
        : "";

    static string StatusOf(byte[] payload) => JsonNode.Parse(payload)!["status"]!.GetValue<string>();

    static int Online(IEnumerable<(string Topic, byte[] Payload)> heard) => heard.Count(message => message.Topic.EndsWith("/status", StringComparison.Ordinal) && StatusOf(message.Payload) == "online");

    async Task UntilHeardAsync(ConcurrentQueue<(string Topic, byte[] Payload)> heard, string[] wanted, CancellationToken stop)
    {
        while (wanted.Except(heard.Select(message => contract.ChannelOf(message.Topic) ?? "")).Any())
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
    }

    static async Task<IMqttClient> ConnectAsync(Stand stand, string id, CancellationToken stop)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", stand.Brokers[0].Port).WithClientId(id).Build(), stop);
        return client;
    }
}
