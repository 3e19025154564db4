namespace EdgeHub.Hosting.Status;

/// <summary>The way to the city: its state, the broker in use without credentials, the age of the last ack and the envelopes on their way.</summary>
/// <param name="Ways">All uplinks in their order.</param>
public sealed record UplinkReport(string State, string Sentence, string Broker, long? LastAckAgeMs, int InFlight, IReadOnlyList<WayReport> Ways);
