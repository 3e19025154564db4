using System.Text;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// Who a slave is, by its own words: function 43, MEI type 14 (Modbus Application Protocol V1.1b3, 6.21). The basic objects are
/// vendor, product code and revision. Pure and total.
/// </summary>
public static class ModbusIdentification
{
    /// <summary>43, encapsulated interface transport.</summary>
    public const byte Function = 0x2B;

    /// <summary>Objects of the basic category.</summary>
    public const int ObjectsMax = 3;

    internal const int AnswerBytesMin = ObjectsAt;

    const byte MeiType = 0x0E;
    const byte BasicStream = 0x01;
    const byte MoreFollows = 0xFF;

    // Function, MEI type, code, conformity, more follows, next object, number of objects.
    const int ObjectsAt = 7;
    const int MoreAt = 4;
    const int NextAt = 5;
    const int CountAt = 6;

    /// <summary>Asks for the basic objects from one on.</summary>
    public static byte[] Ask(byte firstObject) => [Function, MeiType, BasicStream, firstObject];

    /// <summary>The objects of a checked answer by their number, and the object to ask for next; null when that was all.</summary>
    public static IReadOnlyDictionary<byte, string> Read(ReadOnlySpan<byte> pdu, out byte? next)
    {
        var found = new SortedDictionary<byte, string>();
        next = null;
        if (AnswerBytes(pdu) != pdu.Length || pdu.IsEmpty)
            return found;
        var at = ObjectsAt;
        for (var i = 0; i < pdu[CountAt]; i++)
        {
            var length = pdu[at + 1];
            found[pdu[at]] = ModbusIdentity.PrintableText(pdu.Slice(at + 2, length));
            at += 2 + length;
        }

        next = pdu[MoreAt] == MoreFollows ? pdu[NextAt] : null;
        return found;
    }

    /// <summary>The fingerprint that a configuration names: vendor, product and revision with slashes between them.</summary>
    public static string Fingerprint(IReadOnlyDictionary<byte, string> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var text = new StringBuilder();
        foreach (var (_, value) in objects.OrderBy(item => item.Key).Take(ObjectsMax))
            text.Append(text.Length == 0 ? "" : "/").Append(value);
        return text.ToString();
    }

    /// <summary>As <see cref="ModbusPdu.AnswerBytes"/>: the length follows from the objects.</summary>
    internal static int AnswerBytes(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 1 && rest[1] != MeiType)
            return -1;
        if (rest.Length < ObjectsAt)
            return 0;
        var at = ObjectsAt;
        for (var i = 0; i < rest[CountAt]; i++)
        {
            if (at + 2 > rest.Length)
                return 0;
            at += 2 + rest[at + 1];
            if (at > ModbusPdu.BytesMax)
                return -1;
        }

        return at;
    }
}
