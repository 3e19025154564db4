namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>What one checked frame says.</summary>
/// <param name="Values">In any order; streams that are left out have nothing new.</param>
/// <param name="Fault">What the instrument says is wrong with it, or that it is another model: a sentence with what to do.</param>
/// <param name="Utc">The true time that came with it.</param>
public sealed record SensorFrame(IReadOnlyList<SensorValue> Values, string? Fault = null, DateTimeOffset? Utc = null)
{
    /// <summary>The answer to a command, or a frame that has nothing of ours.</summary>
    public static SensorFrame Nothing { get; } = new([]);
}
