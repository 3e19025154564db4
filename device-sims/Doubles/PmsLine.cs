using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A PMS5003 alone on its port, which it has at 9600 baud.</summary>
public sealed class PmsLine : SimLine
{
    /// <summary>The speed the data manual gives.</summary>
    public const int Baud = 9600;

    /// <summary>
    /// A reader that has just opened the port is still setting it up and may throw away what has arrived; the
    /// sensor could not know, but the ledger must not call such a frame sent: until then there is none.
    /// </summary>
    public static readonly TimeSpan ReaderSettles = TimeSpan.FromMilliseconds(150);

    private const int ReadBytesMax = 256;

    private readonly PmsCommandFramer _framer = new();
    private readonly Pms5003 _sensor;
    private readonly TimeSpan _interval;

    /// <summary>Wires <paramref name="sensor"/> to <paramref name="port"/>, with a frame each <paramref name="interval"/> in active mode.</summary>
    public PmsLine(PtyPort port, Pms5003 sensor, TimeSpan interval, Ledger ledger, TimeProvider time)
        : base(port, ledger, time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(50));
        _sensor = sensor;
        _interval = interval;
    }

    /// <inheritdoc />
    public override IReadOnlyList<DeviceDouble> Devices => [_sensor];

    /// <inheritdoc />
    public override async Task RunAsync(CancellationToken stoppingToken)
    {
        var buffer = new byte[ReadBytesMax];
        var last = Time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = _interval - Time.GetElapsedTime(last);
            var count = await Port.ReadAsync(buffer, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, stoppingToken);
            for (var i = 0; i < count; i++)
            {
                await ObeyAsync(buffer[i], stoppingToken);
            }

            if (Time.GetElapsedTime(last) >= _interval)
            {
                last = Time.GetTimestamp();
                await StreamAsync(stoppingToken);
            }
        }
    }

    private async Task ObeyAsync(byte next, CancellationToken stoppingToken)
    {
        if (_framer.Push(next) is { } command && !IsPaused && _sensor.Obey(command) is { } answer)
        {
            await SendAsync(_sensor, () => answer, isReply: true, stoppingToken);
        }
    }

    private async Task StreamAsync(CancellationToken stoppingToken)
    {
        if (_sensor is { IsActive: true, IsAsleep: false } && (Port.ListenedFor >= ReaderSettles || Port.ListenedFor == TimeSpan.Zero))
        {
            await SendAsync(_sensor, _sensor.Measure, isReply: false, stoppingToken);
        }
    }
}
