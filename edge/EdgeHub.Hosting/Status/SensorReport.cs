namespace EdgeHub.Hosting.Status;

/// <summary>One sensor: the word of its state (<c>ok</c>, <c>silent</c>, <c>missing</c>, …), the sentence with what to do, and its streams.</summary>
public sealed record SensorReport(string Id, string State, string Sentence, IReadOnlyList<StreamReport> Streams);
