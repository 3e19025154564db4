using System.Buffers.Binary;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>
/// A kind of meter: its type code and what its present values (identifier 901F) hold. The layout is that of the standard's
/// table; of water it is held against published frames, of heat against the table alone.
/// </summary>
/// <param name="Type">T of the frame.</param>
/// <param name="StatusAt">Where the status word lies: bits 0-1 the valve (0 open, 1 closed, 3 faulty), bit 2 the battery is low.</param>
public sealed record Cjt188Kind(byte Type, int StatusAt, params IReadOnlyList<Cjt188Field> Fields)
{
    const int StatusBytes = 2;
    const int ClockBytes = 7;

    /// <summary>Data bytes behind identifier and number.</summary>
    public int DataBytes => StatusAt + StatusBytes;

    /// <summary>The words of the configuration.</summary>
    public static IReadOnlyDictionary<string, Cjt188Kind> All { get; } = new SortedDictionary<string, Cjt188Kind>(StringComparer.Ordinal)
    {
        ["cold-water"] = Volume(0x10),
        ["hot-water"] = Volume(0x11),
        ["drinking-water"] = Volume(0x12),
        ["reclaimed-water"] = Volume(0x13),
        ["heat"] = Heat(0x20),
        ["cooling"] = Heat(0x21),
        ["gas"] = Volume(0x30),
    };

    /// <summary>What a sensor of this kind yields: its numbers, then the status word as one.</summary>
    public IReadOnlyList<SensorQuantity> Streams { get; } = [.. Fields.Select(field => new SensorQuantity(field.Quantity, field.Unit)), new("status", "1")];

    /// <summary>The values, one a stream. Pure and total.</summary>
    public (double Value, Quality Quality) Read(ReadOnlySpan<byte> data, int stream)
    {
        if (stream < Fields.Count)
            return Fields[stream].Read(data);
        return data.Length < DataBytes ? (double.NaN, Quality.BadNoData) : (BinaryPrimitives.ReadUInt16LittleEndian(data[StatusAt..]), Quality.Good);
    }

    // Present volume, volume at the settlement day, clock, status.
    static Cjt188Kind Volume(byte type) => new(
        type, 5 + 5 + ClockBytes,
        new Cjt188Field("volume", "m3", 0, 4, 2, HasUnit: true),
        new Cjt188Field("volume_settled", "m3", 5, 4, 2, HasUnit: true));

    // Heat at the settlement day, heat, power, flow, volume, supply and return temperature, hours, clock, status.
    static Cjt188Kind Heat(byte type) => new(
        type, 25 + 9 + ClockBytes,
        new Cjt188Field("heat_settled", "kW.h", 0, 4, 2, HasUnit: true),
        new Cjt188Field("heat", "kW.h", 5, 4, 2, HasUnit: true),
        new Cjt188Field("power", "kW", 10, 4, 2, HasUnit: true),
        new Cjt188Field("flow", "m3/h", 15, 4, 4, HasUnit: true),
        new Cjt188Field("volume", "m3", 20, 4, 2, HasUnit: true),
        new Cjt188Field("supply_temperature", "Cel", 25, 3, 2, HasUnit: false),
        new Cjt188Field("return_temperature", "Cel", 28, 3, 2, HasUnit: false),
        new Cjt188Field("hours", "h", 31, 3, 0, HasUnit: false));
}
