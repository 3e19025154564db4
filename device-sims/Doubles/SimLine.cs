using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// One port, or a bus with several ends, and the devices wired to it, of any make and protocol: each hears what comes and answers what is for it. Answers to the
/// same bytes collide, as on a bus they would. The line's own loop is the only one that sends; between building a frame and entering
/// its values in the ledger nothing else happens on the line.
/// </summary>
/// <param name="speed">How many times faster than the wall clock devices stream; the bytes of the wire keep their pace.</param>
public sealed class SimLine(IWire port, IReadOnlyList<DeviceDouble> devices, Ledger ledger, TimeProvider time, double speed = 1) : IDisposable
{
    /// <summary>The pause in a split frame: longer than any gap inside a frame, shorter than a master's patience.</summary>
    public static readonly TimeSpan SplitPause = TimeSpan.FromMilliseconds(60);

    /// <summary>
    /// A reader that has just opened the port is still setting it up and may throw away what has arrived; the
    /// sensor could not know, but the ledger must not call such a frame sent: until then there is none.
    /// </summary>
    public static readonly TimeSpan ReaderSettles = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// How long nothing must come for a frame to be over. Modbus says 3.5 characters; a terminal hands
    /// bytes over in lumps, so this is longer.
    /// </summary>
    static readonly TimeSpan FrameGap = TimeSpan.FromMilliseconds(20);

    const int ReadBytesMax = 256;

    readonly SemaphoreSlim sending = new(1);
    readonly Dictionary<DeviceDouble, long> spokenAt = devices.ToDictionary(device => device, _ => time.GetTimestamp());
    volatile bool paused;

    /// <summary>What readers open.</summary>
    public IWire Port { get; } = port;

    /// <summary>The devices on this line.</summary>
    public IReadOnlyList<DeviceDouble> Devices => devices;

    /// <summary>Makes the port under <paramref name="path"/> and wires the devices to it.</summary>
    /// <param name="ends">How many may open it, each at an end of its own; with more than one the speed is not checked.</param>
    /// <exception cref="IOException">The port cannot be made.</exception>
    public static SimLine Open(string path, int baud, IReadOnlyList<DeviceDouble> devices, Ledger ledger, TimeProvider time, double speed = 1, bool strict = false, int ends = 1)
    {
#pragma warning disable CA2000 // The line owns its port from here on, and nothing can throw between the two.
        return new SimLine(ends > 1 ? new PtyHub(path, ends, baud, time) : new PtyPort(path, baud, time, strict), devices, ledger, time, speed);
#pragma warning restore CA2000
    }

    /// <summary>Plays the devices until it is stopped.</summary>
    /// <exception cref="IOException">The pseudo terminal or the ledger failed.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var buffer = new byte[ReadBytesMax];
        var heard = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var count = await Port.ReadAsync(buffer, Patience(), stoppingToken);
            if (count > 0)
                await HearAsync(device => device.Hear(buffer.AsSpan(0, count)), stoppingToken);
            else if (heard)
                await HearAsync(device => device.HearSilence(), stoppingToken);
            heard = count > 0;
            if (!heard)
                await BabbleAsync(stoppingToken);
            foreach (var device in devices)
                await SpeakAsync(device, stoppingToken);
        }
    }

    /// <summary>Falls silent. When it returns, the last frame is through and in the ledger.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        paused = true;
        await sending.WaitAsync(cancellationToken);
        sending.Release();
    }

    /// <summary>Ends a pause.</summary>
    public void Resume() => paused = false;

    /// <summary>Unplugs the port.</summary>
    public void Dispose()
    {
        Port.Dispose();
        sending.Dispose();
    }

    TimeSpan Patience()
    {
        var next = devices.Where(device => device.Pace is not null).Select(device => (device.Pace!.Value / speed) - time.GetElapsedTime(spokenAt[device])).Append(FrameGap).Min();
        return next > TimeSpan.Zero ? next : TimeSpan.Zero;
    }

    async Task HearAsync(Func<DeviceDouble, IReadOnlyList<Emission>> ask, CancellationToken stoppingToken)
    {
        await sending.WaitAsync(stoppingToken);
        try
        {
            if (paused)
                return;
            List<(DeviceDouble Device, Emission Answer)> answers = [.. devices.SelectMany(device => ask(device).Select(answer => (device, answer)))];
            if (answers.Count == 0)
                return;
            await AnswerAsync(answers, stoppingToken);
            // All have heard the answer go by: what another has gathered of the question before it is the beginning of nothing.
            foreach (var device in devices)
                device.HearSilence();
        }
        finally
        {
            sending.Release();
        }
    }

    async Task AnswerAsync(List<(DeviceDouble Device, Emission Answer)> answers, CancellationToken stoppingToken)
    {
        await Task.Delay(answers.Max(answer => answer.Device.Turnaround), time, stoppingToken);
        List<Transmission> sent = [.. answers.Select(answer => Transmission.Of(answer.Device, answer.Answer, answer.Device.Faults.Draw(), isReply: true))];
        var noise = Babblers().Where(device => answers.All(answer => answer.Device != device)).Select(device => (ReadOnlyMemory<byte>)device.Faults.Garbage());
        var talkers = answers.Select(answer => answer.Device).Distinct().Count();
        List<ReadOnlyMemory<byte>> frames = [.. sent.Where(one => one.Bytes.Count > 0).Select(Whole), .. noise];
        if (frames.Count < 2 || (talkers < 2 && frames.Count == sent.Count))
        {
            foreach (var one in sent)
                await SendAsync(one, stoppingToken);
            return;
        }

        await Port.WriteAsync(Collision.Of(frames), atOnce: 0, stoppingToken);
        foreach (var one in sent)
            Enter(one with { IsTrue = false }, isThrough: one.Bytes.Count > 0);
    }

    async Task SpeakAsync(DeviceDouble device, CancellationToken stoppingToken)
    {
        if (device.Pace is not { } pace || time.GetElapsedTime(spokenAt[device]) < pace / speed)
            return;
        spokenAt[device] = time.GetTimestamp();
        if (Port.ListenedFor < ReaderSettles && Port.ListenedFor != TimeSpan.Zero)
            return;
        await sending.WaitAsync(stoppingToken);
        try
        {
            if (!paused && device.Speak() is { } emission)
                await SendAsync(Transmission.Of(device, emission, device.Faults.Draw(), isReply: false), stoppingToken);
        }
        finally
        {
            sending.Release();
        }
    }

    async Task BabbleAsync(CancellationToken stoppingToken)
    {
        foreach (var device in paused ? [] : Babblers())
            await Port.WriteAsync(device.Faults.Garbage(), atOnce: 0, stoppingToken);
    }

    List<DeviceDouble> Babblers() => [.. devices.Where(device => device.Faults.Strikes(FaultKind.Babble))];

    async Task SendAsync(Transmission one, CancellationToken stoppingToken)
    {
        var isThrough = one.Bytes.Count > 0;
        if (one.Outage is { } outage)
            Port.HangUp(outage);
        if (one.Late > TimeSpan.Zero)
            await Task.Delay(one.Late, time, stoppingToken);
        for (var i = 0; i < one.Bytes.Count && isThrough; i++)
        {
            if (i > 0)
                await Task.Delay(SplitPause, time, stoppingToken);
            isThrough = await Port.WriteAsync(one.Bytes[i], i == one.Bytes.Count - 1 ? one.TailBytes : 0, stoppingToken);
        }

        Enter(one with { IsTrue = one.IsTrue && Port.IsAtSpeed }, isThrough);
    }

    void Enter(Transmission one, bool isThrough)
    {
        if (isThrough)
            ledger.Enter(one.Device.SensorId, one.Values, one.IsTrue);
        else
            ledger.Drop(one.Device.SensorId, one.Values);
    }

    static ReadOnlyMemory<byte> Whole(Transmission one) => one.Bytes.Count == 1 ? one.Bytes[0] : (byte[])[.. one.Bytes.SelectMany(piece => piece.ToArray())];
}
