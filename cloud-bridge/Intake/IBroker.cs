namespace EdgeHub.CloudBridge.Intake;

/// <summary>One way to the boxes and the platform: a broker inside this process, or one outside.</summary>
public interface IBroker : IAsyncDisposable
{
    /// <summary>One sentence for a person: connected, or what is wrong.</summary>
    string State { get; }

    bool IsConnected { get; }

    /// <summary>Hears everything below the prefix; must return fast, it holds up one client's messages.</summary>
    Func<Arrival, Task>? Arrived { get; set; }

    /// <summary>Listens, or begins to connect and keeps at it.</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// QoS 1. True when the broker has it; false when it is away or refuses, and then the message is not kept here:
    /// acks come again with the box's resend, city values with the outbox.
    /// </summary>
    Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken);

    Task StopAsync(CancellationToken cancellationToken);
}
