using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A water or heat meter of CJ/T 188: code 01 with identifier 901F gets all present values, code 03 with 810A its address, also under AA. It understands the identifier in one order
/// of its bytes alone, as makers do. Other codes write or move a valve: they are counted.
/// </summary>
public sealed class Cjt188Meter : DeviceDouble
{
    const int ControlAt = 9;
    const int AddressBytes = 7;
    const int IdentifierBytes = 2;
    const byte Anyone = 0xAA;
    const byte CubicMetre = 0x2C;
    const byte Megajoule = 0x0E;
    const byte KilowattHour = 0x05;
    const byte Kilowatt = 0x17;
    const byte CubicMetreAnHour = 0x35;

    static readonly byte[] Preamble = [0xFE, 0xFE, 0xFE];

    // Seconds to century, low first: 2026-11-25 12:34:56.
    static readonly byte[] Clock = [0x56, 0x34, 0x12, 0x25, 0x11, 0x26, 0x20];

    readonly MeterFramer framer = new(ControlAt);
    readonly byte[] address;
    readonly byte[] identifier;
    readonly byte[] addressIdentifier;
    readonly byte type;
    readonly List<(Signal Signal, int Bytes, byte? Unit)> fields = [];
    readonly Signal status;

    /// <param name="plate">Its address, fourteen digits.</param>
    /// <param name="isHeat">A heat meter; otherwise one for cold water.</param>
    /// <param name="lowFirst">Whether it wants the identifier as 1F 90.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    public Cjt188Meter(string sensorId, string? plate, bool isHeat, ulong seed, bool lowFirst = true)
        : base(sensorId, isHeat ? "cjt188-heat" : "cjt188-water", seed)
    {
        address = PackedDigits.Address(plate, AddressBytes * 2);
        identifier = lowFirst ? [0x1F, 0x90] : [0x90, 0x1F];
        addressIdentifier = lowFirst ? [0x0A, 0x81] : [0x81, 0x0A];
        type = isHeat ? (byte)0x20 : (byte)0x10;
        Address = plate;
        if (isHeat)
        {
            Count("heat_settled", "kW.h", KilowattHour);
            Count("heat", "kW.h", KilowattHour);
            Carry(new Quantity("power", "kW"), new ValueRange(0, 0, 20_000, 99_999_999), 100, 4, Kilowatt);
            Carry(new Quantity("flow", "m3/h"), new ValueRange(0, 0, 30_000, 99_999_999), 10_000, 4, CubicMetreAnHour);
            Count("volume", "m3", CubicMetre);
            Carry(new Quantity("supply_temperature", "Cel"), new ValueRange(0, 4000, 9000, 999_999), 100, 3, null);
            Carry(new Quantity("return_temperature", "Cel"), new ValueRange(0, 2000, 6000, 999_999), 100, 3, null);
            Carry(new Quantity("hours", "h"), ValueRange.Counter(100, 999_999), 1, 3, null);
        }
        else
        {
            Count("volume", "m3", CubicMetre);
            Count("volume_settled", "m3", CubicMetre);
        }

        status = Add(new Quantity("status", "1"), new ValueRange(0, 0, 7, 0xFFFF));
    }

    public override string? Address { get; }

    public override Wiring Wiring => new(2400, "even");

    public override TimeSpan Turnaround => TimeSpan.FromMilliseconds(20);

    /// <summary>Counts its heat in megajoules instead of kilowatt hours.</summary>
    public bool InMegajoules { get; init; }

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
        FaultKind.WrongAddress => Frame([.. address[..^1], (byte)(address[^1] ^ 1)], 0x81, frame[(ControlAt + 2)..^2].ToArray()),
        FaultKind.Exception => Frame(address, 0xC1, [0x00, 0x00, 0x01]),
        _ => frame,
    };

    Emission? Answer(byte[] frame)
    {
        if (frame[1] != type)
            return null;
        var asked = frame.AsSpan(2, AddressBytes);
        if (frame[ControlAt] == 0x03 && (asked.SequenceEqual(address) || !asked.ContainsAnyExcept(Anyone)))
            return frame.AsSpan(ControlAt + 2, IdentifierBytes).SequenceEqual(addressIdentifier) ? new Emission(Frame(address, 0x83, frame[(ControlAt + 2)..^2]), []) : null;
        if (!asked.SequenceEqual(address))
            return null;
        if (frame[ControlAt] != 0x01)
        {
            Writes++;
            return null;
        }

        var data = frame[(ControlAt + 2)..^2];
        if (data.Length != IdentifierBytes + 1 || !data.AsSpan(0, IdentifierBytes).SequenceEqual(identifier))
            return new Emission(Frame(address, 0xC1, [data[^1], 0x00, 0x01]), []);
        List<(Sample Sample, int Bytes, byte? Unit)> samples = [.. fields.Select(part => (part.Signal.Next(), part.Bytes, part.Unit))];
        var state = status.Next();
        byte[] answer = [.. data, .. samples.SelectMany(Encode), .. Clock, (byte)state.Raw, (byte)(state.Raw >> 8)];
        return new Emission(Frame(address, 0x81, answer), [.. samples.Select(part => Told(part.Sample, part.Unit)), state.Sent]);
    }

    IEnumerable<byte> Encode((Sample Sample, int Bytes, byte? Unit) part) =>
        part.Unit is { } unit ? [.. PackedDigits.Of(part.Sample.Raw, part.Bytes), Unit(unit)] : PackedDigits.Of(part.Sample.Raw, part.Bytes);

    // A reader turns megajoules into the kilowatt hours of its stream.
    SentValue Told(Sample sample, byte? unit) =>
        unit is KilowattHour && InMegajoules ? sample.Sent with { Value = sample.Sent.Value / 3.6 } : sample.Sent;

    byte Unit(byte unit) => unit == KilowattHour && InMegajoules ? Megajoule : unit;

    byte[] Frame(byte[] from, byte control, byte[] data)
    {
        byte[] body = [0x68, type, .. from, control, (byte)data.Length, .. data];
        return [.. body, PackedDigits.Sum(body), 0x16];
    }

    void Count(string name, string unit, byte code) =>
        Carry(new Quantity(name, unit), ValueRange.Counter(100 * (long)name.Length, 99_999_999), 100, 4, code);

    void Carry(Quantity quantity, ValueRange range, double steps, int bytes, byte? unit) =>
        fields.Add((Add(quantity, range, steps, PackedDigits.NoData), bytes, unit));
}
