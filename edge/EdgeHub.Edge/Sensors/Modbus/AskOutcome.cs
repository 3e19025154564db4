namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>What became of one request.</summary>
enum AskOutcome
{
    Answered,

    /// <summary>An exception: the slave is there and says no.</summary>
    Refused,

    /// <summary>Not one byte came.</summary>
    Timeout,

    /// <summary>Bytes came and no checked answer was among them.</summary>
    BadChecksum,
}
