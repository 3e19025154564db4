namespace EdgeHub.Hosting.Status;

/// <summary>The way to the city: its state, the broker in use without credentials, the age of the last ack and the envelopes on their way.</summary>
/// <param name="Ways">All uplinks in their order.</param>
/// <param name="BacklogRecords">Old records that still wait.</param>
/// <param name="ResendShare">Of the envelopes of about the last hour the share that went again, between 0 and 1.</param>
/// <param name="BacklogEtaMs">Until they are gone at the present rate; null while nothing of them moves.</param>
public sealed record UplinkReport(string State, string Sentence, string Broker, long? LastAckAgeMs, int InFlight, IReadOnlyList<WayReport> Ways, long BacklogRecords, long? BacklogEtaMs, double ResendShare = 0);
