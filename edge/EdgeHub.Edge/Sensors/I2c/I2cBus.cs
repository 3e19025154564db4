using System.Device.I2c;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>Opens one address on one bus.</summary>
/// <exception cref="LineException">There is no such bus or no way to it; the message says what to do.</exception>
public delegate I2cDevice OpenI2c(int bus, int address);

/// <summary>The kernel's I2C buses, by <c>/dev/i2c-N</c>.</summary>
public static class I2cBus
{
    public static I2cDevice Open(int bus, int address)
    {
        var path = $"/dev/i2c-{bus}";
        if (DeviceNode.Find(path) is not { } node)
            throw new LineException(Condition.Waiting, $"waiting for {path}: switch I2C on (sudo raspi-config, Interface Options, or dtparam=i2c_arm=on) and load i2c-dev; it is found by itself.");
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return I2cDevice.Create(new I2cConnectionSettings(bus, address));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LineException(Condition.Denied, $"{path} cannot be opened ({e.Message}): {PortAccess.Fix(path, node, "i2c")}", e);
        }
    }
}
