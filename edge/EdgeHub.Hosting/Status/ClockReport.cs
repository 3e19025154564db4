namespace EdgeHub.Hosting.Status;

/// <summary>What the box knows of the time, in one word, and what that means.</summary>
public sealed record ClockReport(string State, string Sentence);
