namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>Which of two boxes on one bus goes first when both could.</summary>
public enum StandbyRole
{
    /// <summary>Takes over a silent line before the other one does. It does not take a line back from the other.</summary>
    Preferred,

    /// <summary>Waits longer.</summary>
    Standby,
}
