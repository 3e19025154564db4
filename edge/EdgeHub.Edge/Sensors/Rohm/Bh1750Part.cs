using System.Buffers.Binary;
using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;

namespace EdgeHub.Edge.Sensors.Rohm;

/// <summary>One measurement at 1 lx each time, after which it powers itself down. Source: ROHM BH1750FVI technical note, instruction set (20: one time H-resolution mode, at most 180 ms); lux = count / 1.2.</summary>
public sealed class Bh1750Part : I2cPart
{
    const byte OneTimeHighResolution = 0x20;
    const double CountsPerLux = 1.2;

    static readonly TimeSpan Measuring = TimeSpan.FromMilliseconds(180);

    public static Driver Driver { get; } = I2cDriver.Of(
        "bh1750",
        "Illuminance.",
        [new("ROHM", "BH1750FVI", "BH1750FVI technical note")],
        [new("illuminance", "lx", 0, 54_612)],
        () => new Bh1750Part());

    public override async Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        device.Write([OneTimeHighResolution]);
        await wait(Measuring);
        var bytes = new byte[2];
        device.Read(bytes);
        return new SensorFrame([new(0, Math.Round(BinaryPrimitives.ReadUInt16BigEndian(bytes) / CountsPerLux, 1))]);
    }
}
