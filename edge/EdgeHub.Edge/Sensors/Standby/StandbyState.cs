namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>What a box does on a line that it shares with a second one.</summary>
public enum StandbyState
{
    /// <summary>Hears what the other one asks, and what is answered.</summary>
    Listening,

    /// <summary>Asks.</summary>
    Active,
}

public static class StandbyStateExtensions
{
    /// <summary>The word in status, JSON and metrics.</summary>
    public static string Word(this StandbyState state) => state == StandbyState.Active ? "active" : "listening";
}
