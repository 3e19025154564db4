namespace EdgeHub.Simulation.Network;

/// <summary>A cable between a client and the broker.</summary>
sealed class SimLink
{
    readonly List<SimMqttClient> clients = [];
    TimeSpan freeAt;

    public bool IsUp { get; private set; } = true;

    /// <summary>Takes everything and delivers nothing, and nobody is told.</summary>
    public bool IsHalfOpen { get; private set; }

    public bool Carries => IsUp && !IsHalfOpen;

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>How much it carries from the box in a second; 0 for as much as comes.</summary>
    public int BytesPerSecond { get; set; }

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

    /// <summary>How long a message is under way: behind what was sent before it, and then its own time.</summary>
    public TimeSpan Delay(Chance chance, TimeSpan now, int bytes)
    {
        var travel = Latency + (Jitter * (chance.Next(1000) / 1000.0));
        if (BytesPerSecond == 0 || bytes == 0)
            return travel;
        freeAt = (freeAt > now ? freeAt : now) + TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
        return freeAt - now + travel;
    }
}
