using System.Globalization;
using System.Text.Json;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>A cursor over a profile file that knows its line. What is wrong is a <see cref="JsonException"/> without a line of its own.</summary>
ref struct ProfileJson(ReadOnlySpan<byte> json)
{
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 };

    readonly ReadOnlySpan<byte> json = json;
    Utf8JsonReader reader = new(json, Lenient);

    /// <summary>The line of the last key, from 1.</summary>
    public int Line { get; private set; } = 1;

    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }

    /// <summary>Enters the object that the whole file is.</summary>
    public void EnterFile() => Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "a profile is a JSON object.");

    /// <summary>Whether the value under the cursor is an object; the cursor then stands in it.</summary>
    public readonly void EnterObject(string otherwise) => Require(reader.TokenType == JsonTokenType.StartObject, otherwise);

    public readonly void EnterList(string otherwise) => Require(reader.TokenType == JsonTokenType.StartArray, otherwise);

    /// <summary>The next key, with the cursor on its value; null at the end of the object.</summary>
    public string? Next(IReadOnlyList<string> known)
    {
        var key = NextKey();
        Require(key is null || known.Contains(key), $"{key} is not known here; known are {string.Join(", ", known.Where(name => name[0] != '$'))}.");
        return key;
    }

    /// <summary>The same where any key may stand.</summary>
    public string? NextKey()
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return null;
        Line = 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n');
        var key = reader.GetString()!;
        reader.Read();
        return key;
    }

    /// <summary>Moves to the next object of a list; false at the list's end.</summary>
    public bool NextObject(string otherwise)
    {
        Require(reader.Read() && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray, otherwise);
        return reader.TokenType == JsonTokenType.StartObject;
    }

    public void Skip() => reader.Skip();

    public readonly string Text() => reader.GetString() ?? "";

    public readonly int Small() => reader.GetInt32();

    public readonly decimal Decimal() => reader.GetDecimal();

    public readonly double Number() => reader.GetDouble();

    /// <summary>A whole number, or one in quotes with 0x before it.</summary>
    public readonly ulong Bits()
    {
        if (reader.TokenType != JsonTokenType.String)
            return reader.GetUInt64();
        var text = reader.GetString()!;
        return Bits(text);
    }

    public static ulong Bits(string text)
    {
        var hex = text.StartsWith("0x", StringComparison.Ordinal);
        var read = ulong.TryParse(text.AsSpan(hex ? 2 : 0), hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        Require(read, $"{text} is no number; write 500 or \"0x01F4\".");
        return value;
    }

    /// <summary>One such number, or a list of at most <paramref name="countMax"/>.</summary>
    public List<ulong> BitsList(int countMax)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return [Bits()];
        var found = new List<ulong>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(found.Count < countMax, $"at most {countMax} numbers may stand here.");
            found.Add(Bits());
        }

        return found;
    }

    public readonly T Choice<T>() where T : struct, Enum
    {
        var text = Text();
        var known = Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text.FirstOrDefault());
        Require(known, $"{text} is not one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");
        return value;
    }
}
