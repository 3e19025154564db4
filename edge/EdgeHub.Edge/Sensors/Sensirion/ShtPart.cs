using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;

namespace EdgeHub.Edge.Sensors.Sensirion;

/// <summary>SHT3x and SHT4x: one command, a wait, two words. They differ in the command, the wait and the scale of humidity.</summary>
public sealed class ShtPart : I2cPart
{
    static readonly SensorQuantity[] Streams = [new("temperature", "Cel", -40, 125), new("humidity", "%", 0, 100)];

    readonly byte[] command;
    readonly TimeSpan measuring;
    readonly double humidityOffset;
    readonly double humiditySpan;
    readonly SerialNumber serial;

    ShtPart(byte[] command, double milliseconds, double humidityOffset, double humiditySpan, SerialNumber serial) =>
        (this.command, measuring, this.humidityOffset, this.humiditySpan, this.serial) = (command, TimeSpan.FromMilliseconds(milliseconds), humidityOffset, humiditySpan, serial);

    /// <summary>Source: SHT3x-DIS data sheet, 4.3 (2400: high repeatability, no clock stretching; 15 ms), 4.13; 3780, its serial number, from Sensirion's application note on electronic identification.</summary>
    public static Driver Sht3x { get; } = I2cDriver.WithFingerprint("sht3x", "Temperature and humidity.", [new("Sensirion", "SHT30, SHT31, SHT35", "SHT3x-DIS data sheet V6")], Streams, wanted => new ShtPart([0x24, 0x00], 16, 0, 100, new SerialNumber([0x37, 0x80], 2, wanted)));

    /// <summary>Source: SHT4x data sheet, 4.5 (FD: high precision; 8.3 ms; 89: serial number), 4.6.</summary>
    public static Driver Sht4x { get; } = I2cDriver.WithFingerprint("sht4x", "Temperature and humidity.", [new("Sensirion", "SHT40, SHT41, SHT45", "SHT4x data sheet V6")], Streams, wanted => new ShtPart([0xFD], 10, -6, 125, new SerialNumber([0x89], 2, wanted)));

    public override Task StartAsync(I2cDevice device, Wait wait) => serial.CheckAsync(device, wait);

    public override async Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        device.Write(command);
        await wait(measuring);
        var bytes = new byte[6];
        device.Read(bytes);
        if (SensirionWords.Read(bytes) is not { } words)
            return null;
        // The SHT4x's scale ends beyond 0 and 100; its data sheet says to crop (4.6).
        return new SensorFrame([new(0, SensirionWords.Temperature(words[0])), new(1, Math.Round(Math.Clamp(humidityOffset + (humiditySpan * words[1] / ushort.MaxValue), 0, 100), 2))]);
    }
}
