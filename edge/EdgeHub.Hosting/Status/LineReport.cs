namespace EdgeHub.Hosting.Status;

/// <summary>A line that two boxes share: whether this one asks (<c>active</c>) or hears the other ask (<c>listening</c>), and since when or why.</summary>
public sealed record LineReport(string Port, string State, string Sentence);
