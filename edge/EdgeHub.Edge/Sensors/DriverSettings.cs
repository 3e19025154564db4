namespace EdgeHub.Edge.Sensors;

/// <summary>What a driver has read from its part of a sensor's section. A driver with keys of its own derives from it.</summary>
/// <param name="Streams">What the sensor yields, in the order of its streams in the catalog.</param>
/// <param name="Model">Make and model, unless the sensor says otherwise.</param>
public record DriverSettings(IReadOnlyList<SensorQuantity> Streams, string Model = "")
{
    /// <summary>Where on a shared line the sensor is, in words: <c>address 3</c>. Null where the port says it all.</summary>
    public virtual string? Place => null;
}
