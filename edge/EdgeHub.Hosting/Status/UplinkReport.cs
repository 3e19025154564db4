namespace EdgeHub.Hosting.Status;

/// <summary>The way to the city: its state, the broker in use without credentials, the age of the last ack and the envelopes on their way.</summary>
public sealed record UplinkReport(string State, string Sentence, string Broker, long? LastAckAgeMs, int InFlight);
