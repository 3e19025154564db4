namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>Who begins.</summary>
enum PollMode
{
    /// <summary>The instrument sends by itself.</summary>
    Active,

    /// <summary>It is asked.</summary>
    Passive,
}
