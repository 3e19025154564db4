using System.Buffers.Binary;
using System.Globalization;

namespace EdgeHub.Wire;

/// <summary>Identity of one spool: 128 random bits, written as 32 lower-case hex digits.</summary>
public readonly record struct SpoolId(UInt128 Value) : IComparable<SpoolId>
{
    public const int Size = 16;

    public static SpoolId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static bool TryParse(string? text, out SpoolId id)
    {
        var ok = text is { Length: 32 } & UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = ok ? new SpoolId(value) : default;
        return ok;
    }

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public byte[] ToByteArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    public int CompareTo(SpoolId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    public static bool operator <(SpoolId left, SpoolId right) => left.CompareTo(right) < 0;

    public static bool operator >(SpoolId left, SpoolId right) => left.CompareTo(right) > 0;

    public static bool operator <=(SpoolId left, SpoolId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SpoolId left, SpoolId right) => left.CompareTo(right) >= 0;
}
