using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;

namespace EdgeHub.Edge.Sensors.Sensirion;

/// <summary>
/// SCD40 and SCD41 in periodic measurement: a new value each 5 s. Its settings, self-calibration among them, are left as they are.
/// Source: SCD4x data sheet V1.4, 3.5 (21B1 start, 3F86 stop and 500 ms, EC05 read), 3.8.2 (E4B8 data ready: the low 11 bits), 3.9.2 (3682 serial number).
/// </summary>
public sealed class Scd4xPart(string fingerprint) : I2cPart
{
    const int ReadyBits = 0x07FF;

    static readonly TimeSpan Obeying = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan Stopping = TimeSpan.FromMilliseconds(500);

    readonly SerialNumber serial = new([0x36, 0x82], 3, fingerprint);

    public static Driver Driver { get; } = I2cDriver.WithFingerprint(
        "scd4x",
        "Carbon dioxide (photoacoustic), temperature and humidity; a new value each 5 s.",
        [new("Sensirion", "SCD40, SCD41", "SCD4x data sheet V1.4")],
        [new("co2", "[ppm]", 0, 40_000), new("temperature", "Cel", -10, 60), new("humidity", "%", 0, 100)],
        wanted => new Scd4xPart(wanted),
        warmUp: TimeSpan.FromSeconds(60),
        intervalSeconds: 6);

    public override async Task StartAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        device.Write([0x3F, 0x86]);
        await wait(Stopping);
        await serial.CheckAsync(device, wait);
        device.Write([0x21, 0xB1]);
    }

    public override async Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        if (await AskAsync(device, wait, [0xE4, 0xB8], 1) is not { } ready)
            return null;
        if ((ready[0] & ReadyBits) == 0)
            return SensorFrame.Nothing;
        if (await AskAsync(device, wait, [0xEC, 0x05], 3) is not { } words)
            return null;
        return new SensorFrame([new(0, words[0]), new(1, SensirionWords.Temperature(words[1])), new(2, Math.Round(100.0 * words[2] / ushort.MaxValue, 2))]);
    }

    static async Task<IReadOnlyList<ushort>?> AskAsync(I2cDevice device, Wait wait, byte[] command, int words)
    {
        device.Write(command);
        await wait(Obeying);
        var bytes = new byte[words * 3];
        device.Read(bytes);
        return SensirionWords.Read(bytes);
    }
}
