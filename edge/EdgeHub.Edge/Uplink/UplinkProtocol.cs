namespace EdgeHub.Edge.Uplink;

/// <summary>Which MQTT to speak.</summary>
public enum UplinkProtocol
{
    /// <summary>MQTT 5, and 3.1.1 where the broker does not take it.</summary>
    Auto,

    Mqtt5,

    Mqtt311,
}
