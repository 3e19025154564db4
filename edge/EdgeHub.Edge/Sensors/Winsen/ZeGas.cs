namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary>One gas of the ZE series.</summary>
/// <param name="Code">The gas in a frame.</param>
/// <param name="UnitCode">The unit in a frame: 3 ppm, 4 ppb.</param>
public sealed record ZeGas(string Model, byte Code, byte UnitCode, SensorQuantity Stream)
{
    /// <summary>Carbon monoxide. Source: ZE07-CO manual V1.1.</summary>
    public static ZeGas Ze07Co { get; } = new("ZE07-CO", 0x04, 0x03, new("co", "[ppm]", 0, 500));

    /// <summary>Formaldehyde. Source: ZE08-CH2O manual V1.0.</summary>
    public static ZeGas Ze08Ch2O { get; } = new("ZE08-CH2O", 0x17, 0x04, new("ch2o", "[ppb]", 0, 5000));
}
