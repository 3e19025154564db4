using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Polled;

namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>A part at its address: opened when it is first read, and again after each failure.</summary>
sealed class I2cSensor(SensorState sensor, I2cPart part, LineSetup setup) : PolledSensor(sensor)
{
    readonly I2cPortUri port = (I2cPortUri)sensor.Options.Port;
    I2cDevice? device;

    public static RunLine Over(LineSetup setup) => new PolledLoop(
        setup,
        [.. setup.Sensors.Select(sensor => new I2cSensor(sensor, ((I2cSettings)sensor.Options.Settings).Part(), setup))]).RunAsync;

    public override async Task<SensorFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        Task Wait(TimeSpan span) => Task.Delay(span, setup.Time, cancellationToken);
        try
        {
            if (device is null)
            {
                device = new HeardI2cDevice(setup.Open.I2c(port.Bus, port.Address), port.Address, (sent, bytes) => setup.Port.Raw.Add(setup.Desk.BootTimeMs, sent, bytes));
                await part.StartAsync(device, Wait);
            }

            return await part.ReadAsync(device, Wait);
        }
        catch (IOException e) when (e is not LineException)
        {
            throw new LineException(Condition.Silent, $"nothing answers at address 0x{port.Address:x2} of /dev/i2c-{port.Bus} ({e.Message}): check supply, SDA, SCL, and the address pin (i2cdetect -y {port.Bus}).", e);
        }
    }

    public override void Dispose()
    {
        device?.Dispose();
        device = null;
    }
}
