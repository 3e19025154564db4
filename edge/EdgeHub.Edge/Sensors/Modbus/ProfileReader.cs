using System.Text.Json;
using EdgeHub.Wire;
using static EdgeHub.Edge.Sensors.Modbus.ProfileJson;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Reads one profile file. What is wrong is named with file and line; nothing is guessed.</summary>
static class ProfileReader
{
    const int GapMaxDefault = 8;
    const int GapMaxLimit = 64;
    const int CountMaxLeast = 4; // The longest value takes four registers.
    const int AddressEnd = 65536;

    /// <summary>The profile, or null and where and why it is broken: <c>weather.json:12: …</c>.</summary>
    public static ModbusProfile? TryRead(ReadOnlySpan<byte> bytes, string file, out string error)
    {
        var json = new ProfileJson(bytes);
        try
        {
            error = "";
            return ReadProfile(ref json);
        }
        catch (JsonException e)
        {
            error = $"{file}:{(e.LineNumber is { } broken ? broken + 1 : json.Line)}: {(e.LineNumber is null ? e.Message : "this line is not valid JSON.")}";
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // A value of another kind than its key asks for: a text where a number stands.
            error = $"{file}:{json.Line}: this value has the wrong kind.";
        }

        return null;
    }

    static ModbusProfile ReadProfile(ref ProfileJson json)
    {
        string name = "", model = "", source = "", unverified = "";
        ModbusFunction? function = null;
        int gapMax = GapMaxDefault, countMax = RequestPlan.BitsMax;
        ModbusIdentity? identity = null;
        var registers = new List<ModbusRegister>();
        json.EnterFile();
        while (json.Next(ProfileKeys.Profile) is { } key)
            switch (key)
            {
                case "name": name = json.Text(); break;
                case "model": model = json.Text(); break;
                case "source": source = json.Text(); break;
                case "unverified": unverified = json.Text(); break;
                case "function": function = RegisterReader.Function(json.Small()); break;
                case "gapMax": gapMax = json.Small(); break;
                case "countMax": countMax = json.Small(); break;
                case "identity": identity = ReadIdentity(ref json, function); break;
                case "registers": ReadRegisters(ref json, function, registers); break;
                default: json.Skip(); break;
            }

        Require(Identifiers.IsId(name), "name must be of a-z, 0-9 and dashes.");
        Require(countMax is >= CountMaxLeast and <= RequestPlan.BitsMax, $"countMax must be from {CountMaxLeast} to {RequestPlan.BitsMax}.");
        Require(gapMax is >= 0 and <= GapMaxLimit, $"gapMax must be from 0 to {GapMaxLimit}.");
        Require(registers.Count > 0, "registers must hold at least one entry.");
        Require(registers.DistinctBy(register => register.Quantity).Count() == registers.Count, "a quantity stands twice.");
        return new ModbusProfile(name, model, source, unverified, gapMax, countMax, identity, registers);
    }

    static void ReadRegisters(ref ProfileJson json, ModbusFunction? function, List<ModbusRegister> registers)
    {
        json.EnterList("registers must be a list.");
        while (json.NextObject("each entry of registers must be an object."))
        {
            Require(registers.Count < ModbusProfile.RegistersMax, $"a profile holds at most {ModbusProfile.RegistersMax} registers.");
            registers.Add(RegisterReader.Read(ref json, function));
        }
    }

    static ModbusIdentity ReadIdentity(ref ProfileJson json, ModbusFunction? function)
    {
        json.EnterObject("identity must be an object.");
        ulong address = AddressEnd;
        var count = 0;
        var isText = true;
        while (json.Next(ProfileKeys.Identity) is { } key)
            switch (key)
            {
                case "function": function = RegisterReader.Function(json.Small()); break;
                case "address": address = json.Bits(); break;
                case "count": count = json.Small(); break;
                default:
                    var form = json.Text();
                    Require(form is "text" or "hex", "as must be text or hex.");
                    isText = form == "text";
                    break;
            }

        Require(function is ModbusFunction.ReadHoldingRegisters or ModbusFunction.ReadInputRegisters, "the identity's function must be 3 or 4.");
        Require(count is >= 1 and <= ModbusIdentity.CountMax && address + (ulong)count <= AddressEnd, $"the identity must have an address from 0 to 0xFFFF and a count from 1 to {ModbusIdentity.CountMax}.");
        return new ModbusIdentity(function!.Value, (ushort)address, (ushort)count, isText);
    }
}
