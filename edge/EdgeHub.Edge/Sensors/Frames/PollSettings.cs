namespace EdgeHub.Edge.Sensors.Frames;

/// <param name="IsPolled">Asked each interval, else it sends by itself.</param>
/// <param name="Sleeps">Between two questions.</param>
sealed record PollSettings(IReadOnlyList<SensorQuantity> Streams, string Model, bool IsPolled, bool Sleeps) : DriverSettings(Streams, Model)
{
    /// <summary>Which instrument must answer; empty when anyone may.</summary>
    public string Fingerprint { get; init; } = "";
}
