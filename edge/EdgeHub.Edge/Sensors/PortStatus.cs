namespace EdgeHub.Edge.Sensors;

/// <summary>A port at one moment.</summary>
/// <param name="Port">The URI without its settings.</param>
/// <param name="Sentence">What is the matter and what to do.</param>
/// <param name="Openings">How often it was opened since the start; more than once means it came back.</param>
/// <param name="BytesRead">Since the start.</param>
/// <param name="BadFrames">The last ones, oldest first.</param>
public sealed record PortStatus(string Port, Condition Condition, string Sentence, long Openings, long BytesRead, IReadOnlyList<BadFrame> BadFrames);
