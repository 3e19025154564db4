namespace EdgeHub.Edge.Sensors;

/// <summary>How a sensor or a port is, in one word; the sentence beside it says what to do.</summary>
public enum Condition
{
    /// <summary>Not yet heard of since the start.</summary>
    Starting,

    /// <summary>Readings come in.</summary>
    Ok,

    /// <summary>Readings come in and are marked uncertain until the sensor has warmed up.</summary>
    WarmingUp,

    /// <summary>The port is there and the sensor does not answer.</summary>
    Silent,

    /// <summary>The sensor answers, and with something that cannot be used.</summary>
    Fault,

    /// <summary>The port is not there; it is opened by itself when it comes back.</summary>
    Waiting,

    /// <summary>The port is there and this user may not open it.</summary>
    Denied,
}

public static class ConditionExtensions
{
    /// <summary>The word in status, JSON and metrics: lower case, words parted by dashes.</summary>
    public static string Word(this Condition condition) => condition switch
    {
        Condition.Ok => "ok",
        Condition.WarmingUp => "warming-up",
        Condition.Silent => "silent",
        Condition.Fault => "fault",
        Condition.Waiting => "waiting",
        Condition.Denied => "denied",
        _ => "starting",
    };

    /// <summary>Whether someone should go and look.</summary>
    public static bool NeedsAttention(this Condition condition) => condition is Condition.Silent or Condition.Fault or Condition.Waiting or Condition.Denied;
}
