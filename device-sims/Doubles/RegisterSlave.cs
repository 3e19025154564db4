using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Modbus slaves that a short register map describes, each written from its maker's table.</summary>
public sealed class RegisterSlave : ModbusSlave
{
    RegisterSlave(string sensorId, string model, byte address, ulong seed, byte function, IReadOnlyList<RegisterQuantity> map)
        : base(sensorId, model, address, seed, map)
    {
        RegisterFunction = function;
        FirstRegister = map.Min(entry => entry.Register);
        LastRegister = (ushort)map.Max(entry => entry.Register + entry.Count - 1);
    }

    /// <inheritdoc />
    protected override byte RegisterFunction { get; }

    /// <inheritdoc />
    protected override ushort FirstRegister { get; }

    /// <inheritdoc />
    protected override ushort LastRegister { get; }

    /// <summary>A soil probe with seven values (WoMaster ES107 register table).</summary>
    public static RegisterSlave Soil(string sensorId, byte address, ulong seed) => new(sensorId, "soil", address, seed, 3,
    [
        new(new("soil_moisture", "%"), 0, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(100, 600)),
        new(new("soil_temperature", "Cel"), 1, RegisterKind.Signed16, 10, ValueRange.Signed16(-50, 350)),
        new(new("conductivity", "uS/cm"), 2, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(100, 2000)),
        new(new("ph", "[pH]"), 3, RegisterKind.Unsigned16, 10, ValueRange.Unsigned16(40, 90)),
        new(new("nitrogen", "mg/kg"), 4, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(10, 500)),
        new(new("phosphorus", "mg/kg"), 5, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(10, 500)),
        new(new("potassium", "mg/kg"), 6, RegisterKind.Unsigned16, 1, ValueRange.Unsigned16(10, 500)),
    ]);

    /// <summary>A submersible level transmitter, set to metres with three decimal places.</summary>
    public static RegisterSlave WaterLevel(string sensorId, byte address, ulong seed) => new(sensorId, "water-level", address, seed, 3,
    [
        new(new("water_level", "m"), 4, RegisterKind.Signed16, 1000, ValueRange.Signed16(200, 5000)),
    ]);

    /// <summary>A smoke detector: 0 quiet, 1 alarm.</summary>
    public static RegisterSlave Smoke(string sensorId, byte address, ulong seed) => new(sensorId, "smoke", address, seed, 3,
    [
        new(new("smoke_alarm", "1"), 3, RegisterKind.Unsigned16, 1, new ValueRange(0, 0, 1, 1)),
    ]);
}
