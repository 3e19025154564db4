using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// An electricity meter of DL/T 645-2007: data have 33 added on the wire, identifiers and digits come low byte first. It answers
/// code 11 (data), 12 (what follows) and 13 (its address); an identifier that it has not gets the error byte 02. What a reader must
/// never send, it counts: codes 14 and above write, clear, freeze and switch.
/// </summary>
public sealed class Dlt645Meter : DeviceDouble
{
    const int ControlAt = 8;
    const int AddressBytes = 6;
    const int IdentifierBytes = 4;
    const byte Offset = 0x33;
    const byte Anyone = 0xAA;
    const byte NoSuchData = 0x02;

    static readonly byte[] Preamble = [0xFE, 0xFE];

    readonly MeterFramer framer = new(ControlAt);
    readonly byte[] address;
    readonly int dataBytesMax;
    readonly Dictionary<uint, (Signal Signal, int Bytes)[]> items = [];
    List<byte> rest = [];

    /// <param name="plate">Its address, twelve digits.</param>
    /// <param name="isThreePhase">Whether it measures three phases.</param>
    /// <param name="dataBytesMax">Bytes of a value that it puts into one answer; longer ones follow in further ones.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    public Dlt645Meter(string sensorId, string? plate, bool isThreePhase, ulong seed, int dataBytesMax = 196)
        : base(sensorId, isThreePhase ? "dlt645-three-phase" : "dlt645-single-phase", seed)
    {
        address = PackedDigits.Address(plate, AddressBytes * 2);
        this.dataBytesMax = dataBytesMax;
        Address = plate;
        Carry(0x00010000, Energy(seed, "energy"));
        if (isThreePhase)
        {
            Carry(0x00020000, Energy(seed, "energy_reverse"));
            Carry(0x0201FF00, [.. "abc".Select(phase => Voltage($"voltage_{phase}"))]);
            Carry(0x0202FF00, [.. "abc".Select(phase => Current($"current_{phase}"))]);
        }
        else
        {
            Carry(0x02010100, Voltage("voltage"));
            Carry(0x02020100, Current("current"));
        }

        Carry(0x02030000, (Add(new Quantity("power", "kW"), new ValueRange(-799_999, -20_000, 90_000, 799_999), 10_000, PackedDigits.NoData), 3));
        Carry(0x02060000, (Add(new Quantity("power_factor", "1"), new ValueRange(-1000, 700, 1000, 1000), 1000, PackedDigits.NoData), 2));
        Carry(0x02800002, (Add(new Quantity("frequency", "Hz"), new ValueRange(0, 4950, 5050, 9999), 100, PackedDigits.NoData), 2));
    }

    public override string? Address { get; }

    public override Wiring Wiring => new(2400, "even");

    /// <summary>The standard wants at least 20 ms.</summary>
    public override TimeSpan Turnaround => TimeSpan.FromMilliseconds(20);

    /// <summary>How often it was told something that no reader may say.</summary>
    public int Writes { get; private set; }

    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes) =>
        [.. framer.Push(bytes).Select(Answer).OfType<Emission>().Select(answer => answer with { Preamble = Preamble })];

    public override IReadOnlyList<Emission> HearSilence()
    {
        framer.Clear();
        return [];
    }

    public override bool CanHave(FaultKind kind) => kind is FaultKind.WrongAddress or FaultKind.Exception || base.CanHave(kind);

    public override ReadOnlyMemory<byte> Instead(FaultKind kind, ReadOnlyMemory<byte> frame) => kind switch
    {
        FaultKind.WrongAddress => Other(frame.ToArray()),
        FaultKind.Exception => Frame(0xD1, [NoSuchData]),
        _ => frame,
    };

    Emission? Answer(byte[] frame)
    {
        var forAll = frame.AsSpan(1, AddressBytes).IndexOfAnyExcept(Anyone) < 0;
        if (!forAll && !frame.AsSpan(1, AddressBytes).SequenceEqual(address))
            return null;
        byte[] data = [.. frame[(ControlAt + 2)..^2].Select(b => (byte)(b - Offset))];
        switch (frame[ControlAt])
        {
            case 0x11 when data.Length == IdentifierBytes:
                return Read(data);
            case 0x12 when data.Length == IdentifierBytes + 1 && rest.Count > 0:
                return new Emission(Part(0x92, data), []);
            case 0x13:
                return new Emission(Frame(0x93, address), []);
            case >= 0x14 and < 0x80:
                Writes++;
                return null;
            default:
                return null;
        }
    }

    Emission Read(byte[] identifier)
    {
        if (!items.TryGetValue(BitConverter.ToUInt32(identifier), out var fields))
            return new Emission(Frame(0xD1, [NoSuchData]), []);
        List<(Sample Sample, int Bytes)> samples = [.. fields.Select(part => (part.Signal.Next(), part.Bytes))];
        rest = [.. samples.SelectMany(part => PackedDigits.Of(part.Sample.Raw, part.Bytes))];
        return new Emission(Part(0x91, identifier), [.. samples.Select(part => part.Sample.Sent)]);
    }

    // As much of what is left as fits, and whether there is more. What follows ends with the number of the frame.
    byte[] Part(byte control, byte[] question)
    {
        byte[] part = [.. rest.Take(dataBytesMax)];
        rest.RemoveRange(0, part.Length);
        return Frame(rest.Count > 0 ? (byte)(control | 0x20) : control, [.. question[..IdentifierBytes], .. part, .. question[IdentifierBytes..]]);
    }

    byte[] Frame(byte control, byte[] data)
    {
        byte[] body = [0x68, .. address, 0x68, control, (byte)data.Length, .. data.Select(b => (byte)(b + Offset))];
        return [.. body, PackedDigits.Sum(body), 0x16];
    }

    static byte[] Other(byte[] frame)
    {
        frame[1] ^= 0x01;
        frame[^2] = PackedDigits.Sum(frame.AsSpan(0, frame.Length - 2));
        return frame;
    }

    void Carry(uint identifier, params (Signal Signal, int Bytes)[] fields) => items[identifier] = fields;

    (Signal, int) Energy(ulong seed, string name) =>
        (Add(new Quantity(name, "kW.h"), ValueRange.Counter(100 * SplitMix64.For(seed, SensorId, name).Below(9000), 99_999_999), 100, PackedDigits.NoData), 4);

    (Signal, int) Voltage(string name) => (Add(new Quantity(name, "V"), new ValueRange(0, 2100, 2450, 9999), 10, PackedDigits.NoData), 2);

    (Signal, int) Current(string name) => (Add(new Quantity(name, "A"), new ValueRange(-799_999, -1000, 60_000, 799_999), 1000, PackedDigits.NoData), 3);
}
