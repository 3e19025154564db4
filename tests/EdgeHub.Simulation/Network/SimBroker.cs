using System.Buffers;
using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;
using MQTTnet;

namespace EdgeHub.Simulation.Network;

/// <summary>
/// A broker: takes what a box sends, says so, and hands it on, or not, or twice, or late. It keeps retained messages and the bridge's
/// session as long as it is let.
/// </summary>
sealed class SimBroker(string name, SimLoop loop, Chance chance, Story story)
{
    const int Thousand = 1000;
    const int QuotaExceeded = 0x97;

    readonly Dictionary<string, SimMqttClient> clients = [];
    readonly SortedDictionary<string, byte[]> retained = new(StringComparer.Ordinal);

    // What the bridge has not acknowledged: comes again when it connects anew.
    readonly List<(string Topic, byte[] Payload)> session = [];

    public string Name => name;

    public BrokerRules Rules { get; } = new();

    public bool IsRunning { get; private set; } = true;

    /// <summary>The bridge's end; null while the bridge is away.</summary>
    public SimBridgeBroker? Bridge { get; set; }

    public SimLink BridgeLink { get; } = new();

    public SimLink BoxLink { get; } = new();

    /// <summary>Told of each message of records that is confirmed.</summary>
    public Action<byte[]>? Confirmed { get; set; }

    /// <summary>Told of each client that is let in.</summary>
    public Action? Welcomed { get; set; }

    /// <summary>What the broker confirms and never hands on; null when it does so only by chance.</summary>
    public Func<byte[], bool>? Swallows { get; set; }

    /// <summary>The bridge never learns to say what is missing: a net below the one that is tried is taken away.</summary>
    public bool LosesMissing { get; set; }

    /// <summary>More un-acked messages than was allowed came from a box.</summary>
    public string? Violation { get; private set; }

    /// <summary>Over a link, if it carries, and there on time; <paramref name="lost"/> when the link says at once that it does not.</summary>
    public void Travel(SimLink link, Action arrive, Action? lost = null, int bytes = 0)
    {
        loop.Check();
        loop.After(link.Delay(chance, loop.Now, bytes), () =>
        {
            if (link.Carries && IsRunning)
                arrive();
            else if (!link.IsHalfOpen)
                lost?.Invoke();
        });
    }

    public void Connect(SimMqttClient client, SimLink link, Action<MqttClientConnectResult> answer)
    {
        if (clients.TryGetValue(client.Id, out var before) && before != client)
            before.Break(MqttClientDisconnectReason.SessionTakenOver);
        clients[client.Id] = client;
        story.Tell($"{client.Id} connects to {name}");
        Welcomed?.Invoke();
        client.ReceiveMaximum = Rules.ReceiveMaximum;
        answer(new MqttClientConnectResult { ResultCode = MqttClientConnectResultCode.Success, ReceiveMaximum = Rules.ReceiveMaximum });
    }

    public void Publish(SimMqttClient client, MqttApplicationMessage message, Action<int> confirm)
    {
        if (clients.GetValueOrDefault(client.Id) != client)
            return;
        if (client.Unconfirmed > client.ReceiveMaximum)
            Violation ??= $"{client.Unconfirmed} messages without PUBACK at a Receive Maximum of {client.ReceiveMaximum}";
        var payload = message.Payload.ToArray();
        var isRecords = message.Topic.EndsWith("/records", StringComparison.Ordinal);
        if (isRecords && Chance(Rules.Refused))
        {
            confirm(QuotaExceeded);
            return;
        }

        if (message.Retain)
            retained[message.Topic] = payload;
        confirm(0);
        if (isRecords)
            Confirmed?.Invoke(payload);
        if (isRecords && (Chance(Rules.LostAfterPubAck) || Swallows?.Invoke(payload) == true))
        {
            story.Tell("the broker confirms and forgets");
            return;
        }

        Route(message.Topic, payload);
        if (Chance(Rules.Doubled))
            Route(message.Topic, payload);
    }

    /// <summary>From the bridge, or from somebody who plays it.</summary>
    public void PublishAck(string topic, byte[] payload)
    {
        if (Chance(Rules.AcksLost) || (LosesMissing && Ack.TryParse(payload, out _) is { Missing.Count: > 0 }))
            return;
        DeliverAck(topic, payload);
        if (Chance(Rules.AcksDoubled))
            DeliverAck(topic, payload);
    }

    /// <summary>The bridge is there: it gets what waits for it, and the retained messages.</summary>
    public void Attach(SimBridgeBroker bridge)
    {
        Bridge = bridge;
        foreach (var (topic, payload) in session.ToList())
            bridge.Take(topic, payload);
        foreach (var (topic, payload) in retained.ToList())
            bridge.Take(topic, payload);
    }

    public void Acknowledge(string topic, byte[] payload) => session.Remove((topic, payload));

    /// <summary>A machine is gone without a word: nobody hears of it, and its id is free.</summary>
    public void Vanish(string clientId) => clients.Remove(clientId);

    public void Leave(SimMqttClient client) => Forget(client);

    public void Lose(SimMqttClient client) => Forget(client);

    public void Stop(bool losesState)
    {
        IsRunning = false;
        foreach (var client in clients.Values.ToList())
            client.Break(MqttClientDisconnectReason.ServerShuttingDown);
        clients.Clear();
        if (!losesState)
            return;
        session.Clear();
        retained.Clear();
    }

    public void Start()
    {
        IsRunning = true;
        Bridge?.Reconnect();
    }

    /// <summary>The bridge's cable is in again.</summary>
    public void ConnectBridge()
    {
        BridgeLink.Up();
        Bridge?.Reconnect();
    }

    /// <summary>Somebody else comes with this box's id.</summary>
    public void TakeOver(string clientId)
    {
        if (clients.Remove(clientId, out var client))
            client.Break(MqttClientDisconnectReason.SessionTakenOver);
    }

    void Route(string topic, byte[] payload)
    {
        session.Add((topic, payload));
        var late = Chance(Rules.Delayed) ? Rules.DelayMax * (chance.Next(Thousand) / (double)Thousand) : TimeSpan.Zero;
        loop.After(late, () => Travel(BridgeLink, () => Bridge?.Take(topic, payload)));
    }

    void DeliverAck(string topic, byte[] payload)
    {
        var late = Chance(Rules.AcksDelayed) ? Rules.DelayMax * (chance.Next(Thousand) / (double)Thousand) : TimeSpan.Zero;
        loop.After(late, () =>
        {
            foreach (var client in clients.Values.ToList())
                if (client.AckTopic == topic)
                    Travel(client.Link, () => client.Take(topic, payload));
        });
    }

    void Forget(SimMqttClient client)
    {
        if (clients.GetValueOrDefault(client.Id) == client)
            clients.Remove(client.Id);
    }

    bool Chance(int thousandths) => thousandths > 0 && chance.Next(Thousand) < thousandths;
}
