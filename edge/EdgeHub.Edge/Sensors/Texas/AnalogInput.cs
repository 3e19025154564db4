using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Texas;

/// <summary>What one input of the converter means.</summary>
/// <param name="Channel">0-3, against ground.</param>
/// <param name="Shunt">In ohms for a 4-20 mA loop; 0 where the voltage itself is the value.</param>
/// <param name="Low">The value at 4 mA.</param>
/// <param name="High">The value at 20 mA; NaN where the current in mA, or the voltage in V, is the value.</param>
public sealed record AnalogInput(SensorQuantity Stream, int Channel, double Shunt, double Low, double High)
{
    const double LoopMin = 4;
    const double LoopMax = 20;

    // NAMUR NE 43: an instrument measures from 3.8 to 20.5 mA; below 3.6 or above 21 it, or the wire, is broken.
    const double MeasuringMin = 3.8;
    const double MeasuringMax = 20.5;
    const double BrokenBelow = 3.6;
    const double BrokenAbove = 21;

    /// <summary>The value of a voltage at the input, and what is wrong with the loop.</summary>
    public (double Value, Quality Quality, string? Fault) Convert(double volts)
    {
        if (Shunt == 0)
            return (volts, Quality.Good, null);
        var current = volts / Shunt * 1000;
        if (current < BrokenBelow)
            return (double.NaN, Quality.BadDeviceFault, $"{Stream.Quantity}: {current:F2} mA, the loop is broken or has no supply: check its wire.");
        if (current > BrokenAbove)
            return (double.NaN, Quality.BadDeviceFault, $"{Stream.Quantity}: {current:F2} mA, the instrument reports a fault or the loop is shorted.");
        var value = double.IsNaN(High) ? current : Low + ((current - LoopMin) / (LoopMax - LoopMin) * (High - Low));
        return (Math.Round(value, 6), current is < MeasuringMin or > MeasuringMax ? Quality.BadOutOfRange : Quality.Good, null);
    }
}
