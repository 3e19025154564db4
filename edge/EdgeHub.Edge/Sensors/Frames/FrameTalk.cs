using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>
/// What listening and asking have in common: bytes become frames, frames readings, and the sensor's state says how it goes.
/// The thin shell around <see cref="FrameFinder"/> and a <see cref="FrameFormat"/>.
/// </summary>
abstract partial class FrameTalk : ILineTalk
{
    const int ReadBytesMax = 256;

    readonly PortState port;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly long origin;
    readonly byte[] buffer = new byte[ReadBytesMax];
    FrameFinder finder;
    TimeSpan warmUntil;

    protected FrameTalk(FrameScript script, LineSetup setup)
    {
        (Script, Sensor, port, Desk, time, logger) = (script, setup.Sensors[0], setup.Port, setup.Desk, setup.Time, setup.Logger);
        origin = time.GetTimestamp();
        finder = new FrameFinder(script.Format);
    }

    public IReadOnlyList<SensorState> Sensors => [Sensor];

    protected FrameScript Script { get; }

    protected SensorState Sensor { get; }

    protected SensorDesk Desk { get; }

    protected TimeSpan Now => time.GetElapsedTime(origin);

    public abstract void CountAbsence();

    public abstract Task RunAsync(Line line, CancellationToken stoppingToken);

    /// <summary>Starts over: what was half received is forgotten, and the instrument is put into its mode.</summary>
    protected async Task OpenAsync(Line line, CancellationToken stoppingToken)
    {
        finder = new FrameFinder(Script.Format);
        await CommandAsync(line, stoppingToken);
    }

    protected async Task CommandAsync(Line line, CancellationToken stoppingToken)
    {
        warmUntil = Now + Script.WarmUp;
        foreach (var command in Script.Opening)
            await line.WriteAsync(command, stoppingToken);
    }

    /// <summary>The next bytes and what they held, or nothing when the time is up first.</summary>
    protected async Task<Heard> HearAsync(Line line, TimeSpan patience, CancellationToken stoppingToken)
    {
        var count = await line.ReadAsync(buffer, patience, stoppingToken);
        if (count == 0)
            return default;
        Desk.Received(port, count);
        return Take(buffer.AsSpan(0, count));
    }

    /// <summary>Bytes came between two questions: nobody waits for them.</summary>
    protected async Task IgnoreAsync(Line line, TimeSpan span, CancellationToken stoppingToken)
    {
        for (var until = Now + span; Now < until;)
            Desk.Received(port, await line.ReadAsync(buffer, until - Now, stoppingToken));
    }

    protected async Task AskAsync(Line line, byte[] request, CancellationToken stoppingToken)
    {
        Desk.Received(port, await line.DrainAsync(stoppingToken));
        finder = new FrameFinder(Script.Format);
        await line.WriteAsync(request, stoppingToken);
    }

    protected void FellSilent(bool heard, string since)
    {
        if (heard)
            Become(Condition.Fault, $"bytes come in and no frame is among them: {Script.ForeignAdvice}");
        else
            Become(Condition.Silent, $"{since}: {Script.SilentAdvice}");
    }

    Heard Take(ReadOnlySpan<byte> bytes)
    {
        var heard = new Heard { Bytes = true };
        FrameStatus status;
        while ((status = finder.Read(ref bytes)) != FrameStatus.NeedMore)
            switch (status)
            {
                case FrameStatus.Frame:
                    heard.Values |= Take(Read(finder.Last));
                    break;
                case FrameStatus.BadChecksum:
                    Sensor.Count(new SensorCounters { CrcErrors = 1 });
                    Desk.Rejected(port, Sensor, "checksum", finder.Last);
                    heard.BadChecksums++;
                    break;
                default:
                    Sensor.Count(new SensorCounters { Resyncs = 1 });
                    Desk.Rejected(port, Sensor, "garbage", finder.Last);
                    break;
            }

        return heard;
    }

    SensorFrame Read(ReadOnlySpan<byte> frame) =>
        Script.Fingerprint.Length > 0 && Script.Format.Identity(frame) is { } found && !found.Equals(Script.Fingerprint, StringComparison.OrdinalIgnoreCase) ? new SensorFrame([], Fingerprint.Other(found, Script.Fingerprint)) : Script.Format.Parse(frame);

    bool Take(SensorFrame frame)
    {
        if (frame.Values.Count == 0 && frame.Fault is null && frame.Utc is null)
            return false;
        if (frame.Values.Count == 0 && frame.Fault is not null)
            Desk.Unread(Sensor, UnreadReason.Refused, 1);
        Desk.Frame(port, Sensor);
        var isWarm = Now >= warmUntil;
        var bootTimeMs = Desk.BootTimeMs;
        foreach (var value in frame.Values)
            Desk.Read(Sensor, value.Stream, bootTimeMs, value.Value, value.Quality == Quality.Good && !isWarm ? Quality.UncertainWarmUp : value.Quality);
        if (frame.Utc is { } utc)
            Desk.Time(bootTimeMs, utc, Sensor);
        if (frame.Fault is not null)
            Become(Condition.Fault, frame.Fault);
        else if (!isWarm)
            Become(Condition.WarmingUp, $"warming up: values are marked uncertain for the first {Script.WarmUp.TotalSeconds} s.");
        else
            Become(Condition.Ok, "ok.");
        return true;
    }

    void Become(Condition condition, string sentence)
    {
        if (!Sensor.Become(condition, sentence))
            return;
        if (condition.NeedsAttention())
            port.Raw.Freeze(Desk.BootTimeMs, $"{Sensor.Options.Id} is {condition.Word()}");
        LogChange(logger, Sensor.Options.Id, condition.Word(), sentence);
    }

    [LoggerMessage(110, LogLevel.Information, "Sensor {Sensor} is {State}: {Sentence}")]
    private static partial void LogChange(ILogger logger, string sensor, string state, string sentence);

    /// <summary>What some bytes held.</summary>
    protected record struct Heard
    {
        public bool Bytes { get; set; }

        public bool Values { get; set; }

        public int BadChecksums { get; set; }
    }
}
