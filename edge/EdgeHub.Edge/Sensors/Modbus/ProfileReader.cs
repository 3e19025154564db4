using System.Globalization;
using System.Text.Json;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Reads one profile file. What is wrong is named with file and line; nothing is guessed.</summary>
static class ProfileReader
{
    const decimal ScaleMax = 1_000_000m;
    const decimal OffsetMax = 1_000_000_000m;
    const int GapMaxDefault = 8;
    const int GapMaxLimit = 64;

    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 };
    static readonly string[] ProfileKeys = ["$schema", "name", "model", "source", "function", "gapMax", "countMax", "registers"];
    static readonly string[] RegisterKeys = ["quantity", "unit", "address", "type", "order", "scale", "offset", "noData", "minimum", "maximum", "comment"];

    /// <summary>The profile, or null and where and why it is broken: <c>weather.json:12: …</c>.</summary>
    public static ModbusProfile? TryRead(ReadOnlySpan<byte> json, string file, out string error)
    {
        var line = 1;
        try
        {
            error = "";
            var reader = new Utf8JsonReader(json, Lenient);
            return ReadProfile(ref reader, json, ref line);
        }
        catch (JsonException e)
        {
            error = $"{file}:{(e.LineNumber is { } broken ? broken + 1 : line)}: {(e.LineNumber is null ? e.Message : "this line is not valid JSON.")}";
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // A value of another kind than its key asks for: a text where a number stands.
            error = $"{file}:{line}: this value has the wrong kind.";
        }

        return null;
    }

    static ModbusProfile ReadProfile(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int line)
    {
        string name = "", model = "", source = "";
        int function = 0, gapMax = GapMaxDefault, countMax = 0;
        var registers = new List<ModbusRegister>();
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "a profile is a JSON object.");
        while (Next(ref reader, json, ref line, ProfileKeys) is { } key)
            switch (key)
            {
                case "name": name = reader.GetString() ?? ""; break;
                case "model": model = reader.GetString() ?? ""; break;
                case "source": source = reader.GetString() ?? ""; break;
                case "function": function = reader.GetInt32(); break;
                case "gapMax": gapMax = reader.GetInt32(); break;
                case "countMax": countMax = reader.GetInt32(); break;
                case "registers": ReadRegisters(ref reader, json, ref line, registers); break;
                default: reader.Skip(); break;
            }

        Require(Identifiers.IsId(name), "name must be of a-z, 0-9 and dashes.");
        Require(function is >= 1 and <= 4, "function must be 1, 2, 3 or 4.");
        var limit = function <= 2 ? RequestPlan.BitsMax : RequestPlan.RegistersMax;
        countMax = countMax == 0 ? limit : countMax;
        Require(countMax >= 2 && countMax <= limit, $"countMax must be from 2 to {limit}.");
        Require(gapMax is >= 0 and <= GapMaxLimit, $"gapMax must be from 0 to {GapMaxLimit}.");
        Require(registers.Count > 0, "registers must hold at least one entry.");
        Require(registers.All(register => register.Type == RegisterType.Bit == function <= 2), "functions 1 and 2 read bits, 3 and 4 read registers: function and types do not agree.");
        Require(registers.DistinctBy(register => register.Quantity).Count() == registers.Count, "a quantity stands twice.");
        return new ModbusProfile(name, model, source, (ModbusFunction)function, gapMax, countMax, registers);
    }

    static void ReadRegisters(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int line, List<ModbusRegister> registers)
    {
        Require(reader.TokenType == JsonTokenType.StartArray, "registers must be a list.");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Require(registers.Count < ModbusProfile.RegistersMax, $"a profile holds at most {ModbusProfile.RegistersMax} registers.");
            registers.Add(ReadRegister(ref reader, json, ref line));
        }

        Require(reader.TokenType == JsonTokenType.EndArray, "each entry of registers must be an object.");
    }

    static ModbusRegister ReadRegister(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int line)
    {
        string quantity = "", unit = "";
        long address = -1;
        long? noData = null;
        var type = RegisterType.U16;
        var order = WordOrder.Abcd;
        decimal scale = 1, offset = 0;
        double minimum = double.NegativeInfinity, maximum = double.PositiveInfinity;
        while (Next(ref reader, json, ref line, RegisterKeys) is { } key)
            switch (key)
            {
                case "quantity": quantity = reader.GetString() ?? ""; break;
                case "unit": unit = reader.GetString() ?? ""; break;
                case "address": address = Whole(ref reader); break;
                case "type": type = Choice<RegisterType>(ref reader); break;
                case "order": order = Choice<WordOrder>(ref reader); break;
                case "scale": scale = reader.GetDecimal(); break;
                case "offset": offset = reader.GetDecimal(); break;
                case "noData": noData = Whole(ref reader); break;
                case "minimum": minimum = reader.GetDouble(); break;
                case "maximum": maximum = reader.GetDouble(); break;
                default: reader.Skip(); break;
            }

        var register = new ModbusRegister(quantity, unit, (int)address, type, order, scale, offset, (uint?)noData, minimum, maximum);
        Require(Identifiers.IsQuantity(quantity), "quantity must be of a-z, 0-9 and underscores.");
        Require(unit.Length is > 0 and <= 32, "unit must be a UCUM unit such as ug/m3, or 1.");
        Require(address >= 0 && address + register.Count <= 65536, "address must be from 0 to 0xFFFF.");
        Require(scale != 0 && Math.Abs(scale) <= ScaleMax && Math.Abs(offset) <= OffsetMax, $"scale must not be 0 nor beyond {ScaleMax}, offset not beyond {OffsetMax}.");
        Require(noData is null or (>= 0 and <= uint.MaxValue), "noData must be the raw bits, from 0 to 0xFFFFFFFF.");
        Require(minimum <= maximum, "minimum must not be above maximum.");
        return register;
    }

    // The next key, with the reader on its value; null at the end of the object.
    static string? Next(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int line, string[] known)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return null;
        var key = reader.GetString()!;
        line = 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n');
        Require(known.Contains(key), $"{key} is not known here; known are {string.Join(", ", known.Skip(1))}.");
        reader.Read();
        return key;
    }

    static long Whole(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return reader.GetInt64();
        var text = reader.GetString()!;
        Require(text.StartsWith("0x", StringComparison.Ordinal) & long.TryParse(text.AsSpan(Math.Min(2, text.Length)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value), $"{text} is no number; write 500 or \"0x01F4\".");
        return value;
    }

    static T Choice<T>(ref Utf8JsonReader reader) where T : struct, Enum
    {
        var text = reader.GetString() ?? "";
        var known = Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text.FirstOrDefault());
        Require(known, $"{text} is not one of {string.Join(", ", Enum.GetNames<T>())}.");
        return value;
    }

    static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }
}
