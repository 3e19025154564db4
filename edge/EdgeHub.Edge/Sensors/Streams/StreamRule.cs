namespace EdgeHub.Edge.Sensors.Streams;

/// <summary>What the configuration says of one stream beyond what its driver knows. The defaults change nothing.</summary>
/// <param name="Quantity">The stream's quantity.</param>
public sealed record StreamRule(string Quantity)
{
    /// <summary>Value = what the instrument says × scale + offset.</summary>
    public decimal Scale { get; init; } = 1;

    public decimal Offset { get; init; }

    /// <summary>From when on scale and offset hold; null for always.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Smallest value, after calibration, that is not marked out of range.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest one.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>A value that differs from the last one reported by no more than this is not reported; null reports every one.</summary>
    public double? Deadband { get; init; }

    /// <summary>After so long a value is reported in any case. Default 10 min.</summary>
    public TimeSpan Heartbeat { get; init; } = HeartbeatDefault;

    /// <summary>The true value is within this of the one reported, in the stream's unit; null where nobody said.</summary>
    public double? Accuracy { get; init; }

    public static readonly TimeSpan HeartbeatDefault = TimeSpan.FromMinutes(10);

    public bool IsCalibrated => Scale != 1 || Offset != 0;
}
