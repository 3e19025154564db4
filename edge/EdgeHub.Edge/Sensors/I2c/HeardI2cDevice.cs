using System.Device.I2c;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>A part whose bytes are heard, as they stand on the bus: the address with the bit of the direction, then the data.</summary>
/// <param name="device">Owned.</param>
sealed class HeardI2cDevice(I2cDevice device, int address, BytesPassed passed) : I2cDevice
{
    public override I2cConnectionSettings ConnectionSettings => device.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        device.Read(buffer);
        passed(false, [(byte)((address << 1) | 1), .. buffer]);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        passed(true, [(byte)(address << 1), .. buffer]);
        device.Write(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        passed(true, [(byte)(address << 1), .. writeBuffer]);
        device.WriteRead(writeBuffer, readBuffer);
        passed(false, [(byte)((address << 1) | 1), .. readBuffer]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            device.Dispose();
        base.Dispose(disposing);
    }
}
