using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A simulated device, written from its datasheet and from nothing else: it shares no code with the driver
/// that reads it, so that an error in one is not hidden by the same error in the other.
/// </summary>
public abstract class DeviceDouble
{
    /// <param name="sensorId">The device's id in the run, <c>[a-z0-9-]</c>.</param>
    /// <param name="model">What it plays.</param>
    /// <param name="seed">The run's seed, from which the device's faults follow.</param>
    private protected DeviceDouble(string sensorId, string model, ulong seed)
    {
        SensorId = sensorId;
        Model = model;
        Faults = new FaultPlan(sensorId, seed);
    }

    /// <summary>The device's id in the run.</summary>
    public string SensorId { get; }

    /// <summary>What it plays.</summary>
    public string Model { get; }

    /// <summary>What goes wrong with it, and how often.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The streams it carries.</summary>
    public abstract IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>The slave address on a shared bus; null for a device alone on its line.</summary>
    public virtual byte? Address => null;
}
