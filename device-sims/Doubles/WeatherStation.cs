using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Chinese multi-element weather station (百叶箱, louvred box) with the common map of holding registers
/// from 0x01F4 (DFRobot SEN0657 manual). Its wind force and wind gear registers (0x01F5, 0x01F6) and 0x0200 read 0.
/// </summary>
public sealed class WeatherStation(string sensorId, byte address, ulong seed)
    : ModbusSlave(sensorId, "weather-station", address, seed, MapFor(sensorId, seed))
{
    private const int RainStartMax = 200;

    /// <inheritdoc />
    protected override byte RegisterFunction => 3;

    /// <inheritdoc />
    protected override ushort FirstRegister => 0x01F4;

    /// <inheritdoc />
    protected override ushort LastRegister => 0x0201;

    private static IReadOnlyList<RegisterQuantity> MapFor(string sensorId, ulong seed)
    {
        // Rain is a total: it only grows.
        var rain = ValueRange.Counter(SplitMix64.For(seed, sensorId, "rain-start").Below(RainStartMax), 0xFFFE);
        return
        [
            new(new("wind_speed", "m/s"), 0x01F4, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(0, 180)),
            new(new("wind_direction", "deg"), 0x01F7, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(0, 359)),
            new(new("humidity", "%"), 0x01F8, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(250, 950)),
            new(new("temperature", "Cel"), 0x01F9, RegisterKind.Signed16, 10, ValueRange.Signed16(-80, 380)),
            new(new("noise", "dB"), 0x01FA, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(350, 850)),
            new(new("pm2_5", "ug/m3"), 0x01FB, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(5, 250)),
            new(new("pm10", "ug/m3"), 0x01FC, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(10, 400)),
            new(new("pressure", "kPa"), 0x01FD, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(950, 1050)),
            new(new("illuminance", "lx"), 0x01FE, RegisterKind.Unsigned32, 1, new ValueRange(0, 300, 90_000, 200_000)),
            new(new("rain", "mm"), 0x0201, RegisterKind.Unsigned16, 10, rain),
        ];
    }
}
