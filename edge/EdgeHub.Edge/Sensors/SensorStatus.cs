namespace EdgeHub.Edge.Sensors;

/// <summary>A sensor at one moment.</summary>
/// <param name="Sentence">What is the matter and what to do.</param>
/// <param name="Counters">Since the start.</param>
public sealed record SensorStatus(string Id, string Driver, string Port, Condition Condition, string Sentence, SensorCounters Counters, IReadOnlyList<StreamStatus> Streams);
