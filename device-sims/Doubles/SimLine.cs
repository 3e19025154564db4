using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// One port and the devices wired to it. The line's own loop is the only one that sends; between building a
/// frame and entering its values in the ledger nothing else happens on the line.
/// </summary>
public abstract class SimLine : IDisposable
{
    /// <summary>How long a hang-up fault leaves the port unplugged.</summary>
    public static readonly TimeSpan HangUpOutage = TimeSpan.FromSeconds(2);

    /// <summary>The pause in a split frame: longer than any gap inside a frame, shorter than a master's patience.</summary>
    public static readonly TimeSpan SplitPause = TimeSpan.FromMilliseconds(60);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Ledger _ledger;
    private volatile bool _paused;

    private protected SimLine(PtyPort port, Ledger ledger, TimeProvider time)
    {
        Port = port;
        _ledger = ledger;
        Time = time;
    }

    /// <summary>The port that readers open.</summary>
    public PtyPort Port { get; }

    /// <summary>The devices on this line.</summary>
    public abstract IReadOnlyList<DeviceDouble> Devices { get; }

    /// <summary>Whether the devices neither stream nor answer.</summary>
    protected bool IsPaused => _paused;

    /// <summary>The clock of the line.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Plays the devices until it is stopped.</summary>
    /// <exception cref="IOException">The pseudo terminal or the ledger failed.</exception>
    public abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Falls silent. When it returns, the last frame is through and in the ledger.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        _paused = true;
        await _sending.WaitAsync(cancellationToken);
        _sending.Release();
    }

    /// <summary>Ends a pause.</summary>
    public void Resume() => _paused = false;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Unplugs the port.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Port.Dispose();
        _sending.Dispose();
    }

    /// <summary>
    /// Builds a frame and sends it with the faults that strike it, unless the line is paused. The frame is
    /// built inside the pause's gate, so that a pause never leaves a value half sent.
    /// </summary>
    /// <param name="device">Whose frame it is.</param>
    /// <param name="build">Makes the frame from fresh values.</param>
    /// <param name="isReply">A reply has its garbage behind it, where a master throws it away before it asks again.</param>
    /// <param name="stoppingToken">Ends the sending between two bytes.</param>
    protected async Task SendAsync(DeviceDouble device, Func<Emission> build, bool isReply, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(build);
        await _sending.WaitAsync(stoppingToken);
        try
        {
            if (_paused)
            {
                return;
            }

            var emission = build();
            var strikes = device.Faults.Draw();
            if (await TransmitAsync(device.Faults, emission, strikes, isReply, stoppingToken))
            {
                _ledger.Enter(device.SensorId, emission.Values, valid: !strikes.Contains(FaultKind.Crc));
            }
            else
            {
                _ledger.Drop(device.SensorId, emission.Values);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<bool> TransmitAsync(
        FaultPlan faults, Emission emission, IReadOnlySet<FaultKind> strikes, bool isReply, CancellationToken stoppingToken)
    {
        if (strikes.Contains(FaultKind.HangUp))
        {
            Port.HangUp(HangUpOutage);
            return false;
        }

        if (strikes.Contains(FaultKind.Silence))
        {
            return false;
        }

        var frame = strikes.Contains(FaultKind.Crc) ? faults.Spoil(emission.Frame.Span) : emission.Frame;
        var garbage = strikes.Contains(FaultKind.Garbage) ? faults.Garbage() : [];
        if (!isReply && !await Port.WriteAsync(garbage, atOnce: 0, stoppingToken))
        {
            return false;
        }

        if (strikes.Contains(FaultKind.Split))
        {
            var cut = faults.Cut(frame.Length);
            if (!await Port.WriteAsync(frame[..cut], atOnce: 0, stoppingToken))
            {
                return false;
            }

            await Task.Delay(SplitPause, Time, stoppingToken);
            frame = frame[cut..];
        }

        return isReply && garbage.Length > 0
            ? await Port.WriteAsync(Join(frame, garbage), garbage.Length + 1, stoppingToken)
            : await Port.WriteAsync(frame, atOnce: 0, stoppingToken);
    }

    private static byte[] Join(ReadOnlyMemory<byte> frame, byte[] garbage) => [.. frame.Span, .. garbage];
}
