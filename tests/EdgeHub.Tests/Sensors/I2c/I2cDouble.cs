using System.Device.I2c;

namespace EdgeHub.Tests.Sensors.I2c;

/// <summary>A part on a bus in memory, written from its data sheet and sharing nothing with the code that reads it.</summary>
abstract class I2cDouble : I2cDevice
{
    /// <summary>Whether it acknowledges.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>Flips a bit of what is read next.</summary>
    public bool SpoilsNext { get; set; }

    public override I2cConnectionSettings ConnectionSettings => new(1, 0x40);

    public override void Read(Span<byte> buffer)
    {
        Acknowledge();
        Answer(buffer);
        if (SpoilsNext)
            buffer[0] ^= 1;
        SpoilsNext = false;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Acknowledge();
        Take(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Write(writeBuffer);
        Read(readBuffer);
    }

    protected abstract void Take(ReadOnlySpan<byte> written);

    protected abstract void Answer(Span<byte> destination);

    // As the kernel says it: ENXIO.
    void Acknowledge()
    {
        if (!IsThere)
            throw new IOException("Error 6 performing I2C data transfer.");
    }
}
