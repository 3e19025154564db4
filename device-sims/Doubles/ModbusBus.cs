using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>An RS-485 bus with slaves of any make, each under its own address. A request for an address that nobody has meets silence.</summary>
public sealed class ModbusBus : SimLine
{
    /// <summary>What most slaves leave the factory with.</summary>
    public const int Baud = 9600;

    /// <summary>
    /// How long nothing must come for a frame to be over. The standard says 3.5 characters; a terminal hands
    /// bytes over in lumps, so this is longer.
    /// </summary>
    private static readonly TimeSpan FrameGap = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a slave lets the line rest before it answers: 3.5 characters at 9600 baud, rounded up.</summary>
    private static readonly TimeSpan Turnaround = TimeSpan.FromMilliseconds(4);

    private const int ReadBytesMax = 256;

    private readonly ModbusRequestFramer _framer = new();
    private readonly IReadOnlyList<ModbusSlave> _slaves;

    /// <summary>Wires <paramref name="slaves"/>, which must have different addresses, to <paramref name="port"/>.</summary>
    public ModbusBus(PtyPort port, IReadOnlyList<ModbusSlave> slaves, Ledger ledger, TimeProvider time)
        : base(port, ledger, time)
    {
        ArgumentNullException.ThrowIfNull(slaves);
        if (slaves.DistinctBy(slave => slave.SlaveAddress).Count() != slaves.Count)
        {
            throw new ArgumentException("Two slaves of one bus have the same address.", nameof(slaves));
        }

        _slaves = slaves;
    }

    /// <inheritdoc />
    public override IReadOnlyList<DeviceDouble> Devices => _slaves;

    /// <inheritdoc />
    public override async Task RunAsync(CancellationToken stoppingToken)
    {
        var buffer = new byte[ReadBytesMax];
        while (!stoppingToken.IsCancellationRequested)
        {
            var count = await Port.ReadAsync(buffer, FrameGap, stoppingToken);
            _framer.Push(buffer.AsSpan(0, count));
            while ((count > 0 ? _framer.Take() : _framer.TakeAtSilence()) is { } request)
            {
                await AnswerAsync(request, stoppingToken);
            }
        }
    }

    private async Task AnswerAsync(byte[] request, CancellationToken stoppingToken)
    {
        if (_slaves.FirstOrDefault(slave => slave.SlaveAddress == request[0]) is { } slave)
        {
            await Task.Delay(Turnaround, Time, stoppingToken);
            await SendAsync(slave, () => slave.Answer(request)!, isReply: true, stoppingToken);
        }
    }
}
