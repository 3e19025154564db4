namespace EdgeHub.Simulation.Network;

/// <summary>A cable between a client and the broker.</summary>
sealed class SimLink
{
    readonly List<SimMqttClient> clients = [];

    public bool IsUp { get; private set; } = true;

    /// <summary>Takes everything and delivers nothing, and nobody is told.</summary>
    public bool IsHalfOpen { get; private set; }

    public bool Carries => IsUp && !IsHalfOpen;

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(30);

    public void Attach(SimMqttClient client) => clients.Add(client);

    public void Detach(SimMqttClient client) => clients.Remove(client);

    public void Down()
    {
        IsUp = false;
        foreach (var client in clients.ToList())
            client.Break(MQTTnet.MqttClientDisconnectReason.UnspecifiedError);
    }

    public void HalfOpen() => IsHalfOpen = true;

    public void Up() => (IsUp, IsHalfOpen) = (true, false);

    public TimeSpan Delay(Chance chance) => Latency + (Jitter * (chance.Next(1000) / 1000.0));
}
