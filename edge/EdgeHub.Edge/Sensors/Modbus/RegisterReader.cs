using EdgeHub.Wire;
using static EdgeHub.Edge.Sensors.Modbus.ProfileJson;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Reads one entry of a profile's <c>registers</c>.</summary>
static class RegisterReader
{
    const decimal ScaleMax = 1_000_000m;
    const decimal OffsetMax = 1_000_000_000m;
    const int NoDataMax = 8;
    const int CodesMax = 64;
    const int UnitLengthMax = 32;
    const int AddressEnd = 65536;

    /// <param name="function">The profile's own function, for an entry that names none.</param>
    public static ModbusRegister Read(ref ProfileJson json, ModbusFunction? function)
    {
        ulong address = AddressEnd;
        var register = new ModbusRegister { Quantity = "", Unit = "", Address = 0 };
        while (json.Next(ProfileKeys.Register) is { } key)
            switch (key)
            {
                case "quantity": register = register with { Quantity = json.Text() }; break;
                case "unit": register = register with { Unit = json.Text() }; break;
                case "function": function = Function(json.Small()); break;
                case "address": address = json.Bits(); break;
                case "type": register = register with { Type = json.Choice<RegisterType>() }; break;
                case "order": register = register with { Order = json.Choice<WordOrder>() }; break;
                case "mask": register = register with { Mask = json.Bits() }; break;
                case "scale": register = register with { Scale = json.Decimal() }; break;
                case "offset": register = register with { Offset = json.Decimal() }; break;
                case "codes": register = register with { Codes = Codes(ref json) }; break;
                case "noData": register = register with { NoData = json.BitsList(NoDataMax) }; break;
                case "minimum": register = register with { Minimum = json.Number() }; break;
                case "maximum": register = register with { Maximum = json.Number() }; break;
                default: json.Skip(); break;
            }

        Require(function is not null, "function must stand here, or in the profile before its registers.");
        Require(address + (ulong)register.Count <= AddressEnd, "address must be from 0 to 0xFFFF.");
        register = register with { Address = (int)address, Function = function!.Value };
        Check(register);
        return register;
    }

    public static ModbusFunction Function(int number)
    {
        Require(number is >= 1 and <= 4, "function must be 1, 2, 3 or 4.");
        return (ModbusFunction)number;
    }

    static void Check(ModbusRegister register)
    {
        Require(Identifiers.IsQuantity(register.Quantity), "quantity must be of a-z, 0-9 and underscores.");
        Require(register.Unit.Length is > 0 and <= UnitLengthMax, "unit must be a UCUM unit such as ug/m3, or 1.");
        Require(register.Type == RegisterType.Bit == register.Function.IsBits(), "functions 1 and 2 read bits, 3 and 4 read registers: function and type do not agree.");
        Require(register.Scale != 0 && Math.Abs(register.Scale) <= ScaleMax && Math.Abs(register.Offset) <= OffsetMax, $"scale must not be 0 nor beyond {ScaleMax}, offset not beyond {OffsetMax}.");
        Require(register.Minimum <= register.Maximum, "minimum must not be above maximum.");
        Require(register.Mask is not 0 && (register.Mask is null || register.Type.MayBeMasked()), "mask must have a bit set, and belongs to the types u16, u32 and u64.");
        Require(register.Codes is null || !register.Type.IsFloat(), "codes do not belong to a float.");
        Require(register.Codes is null || (register.Scale == 1 && register.Offset == 0), "codes stand for themselves: leave scale and offset out.");
        var bits = register.Type is RegisterType.U8H or RegisterType.U8L or RegisterType.I8H or RegisterType.I8L ? 8 : register.Count * 16;
        Require(bits == 64 || register.NoData.All(raw => raw >> bits == 0), $"noData must be raw bits of this type: {bits} of them.");
    }

    static SortedDictionary<ulong, double> Codes(ref ProfileJson json)
    {
        json.EnterObject("codes must be an object such as { \"0\": 0, \"3\": 1 }.");
        var codes = new SortedDictionary<ulong, double>();
        while (json.NextKey() is { } key)
        {
            Require(codes.Count < CodesMax, $"an entry holds at most {CodesMax} codes.");
            Require(codes.TryAdd(Bits(key), json.Number()), $"the code {key} stands twice.");
        }

        return codes;
    }
}
