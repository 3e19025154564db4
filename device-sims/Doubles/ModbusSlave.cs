using System.Buffers.Binary;
using System.Globalization;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A Modbus RTU slave that can be read (Modbus application protocol V1.1b3, §6.1 to §6.4 and §7). Each
/// request finds fresh values. Registers of its map that hold no quantity read as 0; a request beyond the
/// map gets exception 2, a bad count exception 3, a function it does not have exception 1.
/// </summary>
public abstract class ModbusSlave : DeviceDouble
{
    private const byte ReadCoils = 1;
    private const byte ReadDiscreteInputs = 2;
    private const byte ExceptionBit = 0x80;
    private const byte IllegalFunction = 1;
    private const byte IllegalAddress = 2;
    private const byte IllegalValue = 3;
    private const byte DeviceFailure = 4;
    private const byte AddressMax = 247;
    private const int RegistersMax = 125;
    private const int BitsMax = 2000;
    private const int RegisterBytes = 2;
    private const int ReadRequestBytes = 8;

    private readonly ModbusRequestFramer _framer = new();
    private readonly (RegisterQuantity Map, Signal Signal)[] _registers;

    protected ModbusSlave(string sensorId, string model, byte address, ulong seed, IReadOnlyList<RegisterQuantity> map)
        : base(sensorId, model, seed)
    {
        SlaveAddress = address;
        _registers = [.. map.Select(entry => (entry, Add(entry.Quantity, entry.Range, entry.Divisor, entry.NoData)))];
    }

    /// <inheritdoc />
    public override string? Address => SlaveAddress.ToString(CultureInfo.InvariantCulture);

    /// <summary>Its address on the bus, 1 to 247.</summary>
    public byte SlaveAddress { get; }

    /// <summary>The function that reads its registers: 3 (holding) or 4 (input).</summary>
    protected abstract byte RegisterFunction { get; }

    /// <summary>Its first register.</summary>
    protected abstract ushort FirstRegister { get; }

    /// <summary>Its last register.</summary>
    protected abstract ushort LastRegister { get; }

    /// <summary>What functions 1 and 2 read, from address 0; empty for a slave that has no such function.</summary>
    protected virtual IReadOnlyList<bool> BitsOf(byte functionCode) => [];

    /// <inheritdoc />
    public override IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes)
    {
        _framer.Push(bytes);
        return AnswerEach(_framer.Take);
    }

    /// <inheritdoc />
    public override IReadOnlyList<Emission> HearSilence() => AnswerEach(_framer.TakeAtSilence);

    /// <inheritdoc />
    public override bool CanHave(FaultKind kind) => kind is FaultKind.WrongAddress or FaultKind.Exception || base.CanHave(kind);

    /// <inheritdoc />
    public override ReadOnlyMemory<byte> Instead(FaultKind kind, ReadOnlyMemory<byte> frame) => kind switch
    {
        FaultKind.WrongAddress => ModbusCrc.Append([(byte)((SlaveAddress % AddressMax) + 1), .. frame.Span[1..^ModbusCrc.Bytes]]),
        FaultKind.Exception => Refuse(frame.Span[1], DeviceFailure).Frame,
        _ => frame,
    };

    /// <summary>Answers a whole request with a right CRC; null when it is for another slave, or for all of them.</summary>
    public Emission? Answer(ReadOnlySpan<byte> request)
    {
        if (request[0] != SlaveAddress)
        {
            return null;
        }

        var function = request[1];
        if (request.Length != ReadRequestBytes || (function != RegisterFunction && BitsOf(function).Count == 0))
        {
            return Refuse(function, IllegalFunction);
        }

        var first = BinaryPrimitives.ReadUInt16BigEndian(request[2..]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(request[4..]);
        return function is ReadCoils or ReadDiscreteInputs
            ? AnswerBits(function, first, count)
            : AnswerRegisters(function, first, count);
    }

    private List<Emission> AnswerEach(Func<byte[]?> take)
    {
        var answers = new List<Emission>();
        while (take() is { } request)
        {
            if (Answer(request) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    private Emission AnswerBits(byte function, int first, int count)
    {
        var bits = BitsOf(function);
        if (count is 0 or > BitsMax)
        {
            return Refuse(function, IllegalValue);
        }

        if (first + count > bits.Count)
        {
            return Refuse(function, IllegalAddress);
        }

        var packed = new byte[(count + 7) / 8];
        for (var i = 0; i < count; i++)
        {
            packed[i / 8] |= (byte)(bits[first + i] ? 1 << (i % 8) : 0);
        }

        return new Emission(ModbusCrc.Append([SlaveAddress, function, (byte)packed.Length, .. packed]), []);
    }

    private Emission AnswerRegisters(byte function, int first, int count)
    {
        if (count is 0 or > RegistersMax)
        {
            return Refuse(function, IllegalValue);
        }

        if (first < FirstRegister || first + count > LastRegister + 1)
        {
            return Refuse(function, IllegalAddress);
        }

        // A quantity of two registers of which only one was asked for gets its word, but is no value sent.
        var all = new byte[(LastRegister + 1) * RegisterBytes];
        var values = new List<SentValue>();
        foreach (var (map, signal) in _registers.Where(entry => entry.Map.Register < first + count && entry.Map.Register + entry.Map.Count > first))
        {
            var sample = signal.Next();
            map.Encode(sample.Raw, all.AsSpan(map.Register * RegisterBytes));
            if (map.Register >= first && map.Register + map.Count <= first + count)
            {
                values.Add(sample.Sent);
            }
        }

        var data = all.AsSpan(first * RegisterBytes, count * RegisterBytes);
        return new Emission(ModbusCrc.Append([SlaveAddress, function, (byte)data.Length, .. data]), values);
    }

    private Emission Refuse(byte function, byte code) =>
        new(ModbusCrc.Append([SlaveAddress, (byte)(function | ExceptionBit), code]), []);
}
