using EdgeHub.Edge.Clock;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors.Streams;

/// <summary>
/// What every value of one stream passes on its way out: the instrument's range, calibration, the configured range, and, where it
/// is reported by exception, whether it is news. Pure but for the clock it is given; one loop uses it.
/// </summary>
public sealed class StreamGate(SensorQuantity quantity, StreamRule rule)
{
    // Beyond this a decimal product could overflow; no instrument reports in these numbers.
    const double DecimalMax = 1e15;

    double sentValue;
    Quality sentQuality;
    Origin sentOrigin;
    long? sentAtMs;

    /// <summary>The value as it is reported, and how far it can be trusted.</summary>
    public (double Value, Quality Quality) Judge(double value, Quality quality, BoxClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (!quality.HasValue() || !double.IsFinite(value))
            return (double.NaN, quality.HasValue() ? Quality.BadNoData : quality);
        if (value < quantity.Minimum || value > quantity.Maximum)
            quality = Worse(quality, Quality.BadOutOfRange);
        if (rule.IsCalibrated)
            (value, quality) = Calibrate(value, quality, clock);
        if (value < rule.Minimum || value > rule.Maximum)
            quality = Worse(quality, Quality.BadOutOfRange);
        return (value, quality);
    }

    /// <summary>Whether the value is to be reported; of a stream without a deadband each one is.</summary>
    public bool IsNews(in Reading reading)
    {
        if (rule.Deadband is not { } deadband || sentAtMs is not { } at)
            return true;
        if (reading.Quality != sentQuality || reading.Origin != sentOrigin || reading.BootTimeMs - at >= rule.Heartbeat.TotalMilliseconds)
            return true;
        return reading.Quality.HasValue() && !(Math.Abs(reading.Value - sentValue) <= deadband);
    }

    /// <summary>The value was handed on: the next ones are compared with it.</summary>
    public void Sent(in Reading reading) => (sentValue, sentQuality, sentOrigin, sentAtMs) = (reading.Value, reading.Quality, reading.Origin, reading.BootTimeMs);

    (double Value, Quality Quality) Calibrate(double value, Quality quality, BoxClock clock)
    {
        if (rule.ValidFrom is { } validFrom)
        {
            var now = clock.Now();
            if (now.Quality == ClockQuality.None)
                quality = Worse(quality, Quality.UncertainSource); // Nobody knows whether it holds yet.
            else if (now.UnixOffsetMs + clock.BootTimeMs < validFrom.ToUnixTimeMilliseconds())
                return (value, quality);
        }

        // In decimal, so that 253 × 0.1 is 25.3 and nothing beside it.
        var calibrated = Math.Abs(value) < DecimalMax ? (double)(((decimal)value * rule.Scale) + rule.Offset) : (value * (double)rule.Scale) + (double)rule.Offset;
        return (calibrated, quality);
    }

    static Quality Worse(Quality one, Quality other) => one > other ? one : other;
}
