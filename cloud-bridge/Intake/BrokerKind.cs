namespace EdgeHub.CloudBridge.Intake;

/// <summary>Where the messages come from.</summary>
public enum BrokerKind
{
    /// <summary>A broker inside the bridge.</summary>
    Embedded,

    /// <summary>One outside, such as mosquitto or RabbitMQ.</summary>
    External,
}
