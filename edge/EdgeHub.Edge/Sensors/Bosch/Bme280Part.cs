using System.Device.I2c;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Bosch;

/// <summary>Measures once each time ("forced mode"), so that the chip does not warm itself. Source: BME280 data sheet BST-BME280-DS002, 3.3.3, 5.4, 9.1.</summary>
public sealed class Bme280Part : I2cPart
{
    const byte IdRegister = 0xD0;
    const byte Id = 0x60;
    const byte IdWithoutHumidity = 0x58;
    const byte CalibrationFirst = 0x88;
    const byte CalibrationSecond = 0xE1;
    const byte ControlHumidity = 0xF2;
    const byte Status = 0xF3;
    const byte Control = 0xF4;
    const byte Data = 0xF7;
    const byte Measuring = 0x08;
    const byte OnceHumidity = 0x01;
    const byte OnceTemperatureAndPressureForced = 0x25;
    const int Skipped = 0x80000;
    const int SkippedHumidity = 0x8000;
    const int LooksMax = 5;

    static readonly TimeSpan MeasuringTime = TimeSpan.FromMilliseconds(10); // 9.1: at most 9.3 ms with one sample of each.

    Bme280Calibration? calibration;

    public static Driver Driver { get; } = I2cDriver.Of(
        "bme280",
        "Temperature, humidity and air pressure.",
        [new("Bosch", "BME280", "BME280 data sheet BST-BME280-DS002")],
        [new("temperature", "Cel", -40, 85), new("humidity", "%", 0, 100), new("pressure", "Pa", 30_000, 110_000)],
        () => new Bme280Part());

    public override Task StartAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        var id = Read(device, IdRegister, 1)[0];
        if (id == IdWithoutHumidity)
            throw new LineException(Condition.Fault, "this is a BMP280, which has no humidity: put a BME280 here, or read it by the kernel's driver (driver sysfs).");
        if (id != Id)
            throw new LineException(Condition.Fault, $"this is no BME280 (its id is {id:X2}, not 60): check the address and the part.");
        calibration = Bme280Calibration.Read(Read(device, CalibrationFirst, Bme280Calibration.FirstBytes), Read(device, CalibrationSecond, Bme280Calibration.SecondBytes));
        return Task.CompletedTask;
    }

    public override async Task<SensorFrame?> ReadAsync(I2cDevice device, Wait wait)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wait);
        // Humidity's setting counts only with the next write of the other one.
        device.Write([ControlHumidity, OnceHumidity]);
        device.Write([Control, OnceTemperatureAndPressureForced]);
        for (var look = 0; look < LooksMax; look++)
        {
            await wait(MeasuringTime);
            if ((Read(device, Status, 1)[0] & Measuring) == 0)
                return Convert(Read(device, Data, 8));
        }

        throw new LineException(Condition.Fault, "it measures without end: switch its supply off and on.");
    }

    SensorFrame Convert(byte[] data)
    {
        int pressure = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4), temperature = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4), humidity = (data[6] << 8) | data[7];
        if (temperature == Skipped)
            return new SensorFrame([SensorValue.NoData(0), SensorValue.NoData(1), SensorValue.NoData(2)]);
        var fine = calibration!.Fine(temperature);
        return new SensorFrame(
        [
            new(0, Bme280Calibration.Temperature(fine) / 100.0),
            humidity == SkippedHumidity ? SensorValue.NoData(1) : new(1, Math.Round(calibration.Humidity(humidity, fine) / 1024.0, 3)),
            pressure == Skipped ? SensorValue.NoData(2) : new(2, Math.Round(calibration.Pressure(pressure, fine) / 256.0, 2), Quality.Good),
        ]);
    }

    static byte[] Read(I2cDevice device, byte register, int count)
    {
        var bytes = new byte[count];
        device.WriteRead([register], bytes);
        return bytes;
    }
}
