namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>How it stands on a line that two boxes share.</summary>
public sealed record SharedStatus(StandbyState State, string Sentence);
