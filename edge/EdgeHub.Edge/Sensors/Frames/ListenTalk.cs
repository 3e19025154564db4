using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>Listens to an instrument that sends by itself: every frame is read, none is asked for.</summary>
sealed class ListenTalk : FrameTalk
{
    readonly DueCount due;

    public ListenTalk(FrameScript script, LineSetup setup) : base(script, setup) => due = new DueCount(Sensor.Options.Interval, TimeSpan.Zero);

    public override void CountAbsence() => Desk.Unread(Sensor, UnreadReason.Off, due.Take(Now));

    public override async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        await OpenAsync(line, stoppingToken);
        var lastFrame = Now;
        due.Restart(Now);
        while (true)
        {
            var heard = await HearAsync(line, Script.SilenceAfter, stoppingToken);
            if (heard.BadChecksums > 0)
                Desk.Unread(Sensor, UnreadReason.Crc, heard.BadChecksums);
            if (heard.Values || heard.BadChecksums > 0)
                due.Restart(Now);
            if (heard.Values)
                lastFrame = Now;
            else if (Now - lastFrame >= Script.SilenceAfter)
                await FallSilentAsync(line, heard.Bytes, stoppingToken);
        }
    }

    async Task FallSilentAsync(Line line, bool heard, CancellationToken stoppingToken)
    {
        var missed = due.Take(Now);
        Sensor.Count(new SensorCounters { Timeouts = missed });
        Desk.Unread(Sensor, UnreadReason.Timeout, missed);
        FellSilent(heard, $"nothing heard for {Script.SilenceAfter.TotalSeconds} s");
        if (!heard)
            await CommandAsync(line, stoppingToken);
    }
}
