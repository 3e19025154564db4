using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>Asks an instrument for a frame each interval, on a grid of due times; between two questions it may sleep.</summary>
sealed class AskTalk(FrameScript script, LineSetup setup) : FrameTalk(script, setup)
{
    readonly DueGrid grid = new(setup.Sensors[0].Options.Interval);

    public override void CountAbsence() => Desk.Unread(Sensor, UnreadReason.Off, grid.Skip(Now));

    public override async Task RunAsync(Line line, CancellationToken stoppingToken)
    {
        await OpenAsync(line, stoppingToken);
        var failures = 0;
        while (true)
        {
            if (Script.Rest is { } rest)
            {
                await IgnoreAsync(line, grid.Due - Script.Settle - Now, stoppingToken);
                await line.WriteAsync(rest.Wake, stoppingToken);
                await IgnoreAsync(line, Script.Settle, stoppingToken);
            }

            await IgnoreAsync(line, grid.Due - Now, stoppingToken);
            Desk.Unread(Sensor, UnreadReason.Late, grid.Take(Now));
            failures = await AskAsync(line, stoppingToken) ? 0 : failures + 1;
            if (failures > 0)
                await CommandAsync(line, stoppingToken);
            else if (Script.Rest is { Sleep: var sleep })
                await line.WriteAsync(sleep, stoppingToken);
        }
    }

    async Task<bool> AskAsync(Line line, CancellationToken stoppingToken)
    {
        await AskAsync(line, Script.Request!, stoppingToken);
        var bytes = false;
        var badChecksums = 0;
        for (var until = Now + Script.ReplyTimeout; Now < until;)
        {
            var heard = await HearAsync(line, until - Now, stoppingToken);
            if (heard.Values)
                return true;
            bytes |= heard.Bytes;
            badChecksums += heard.BadChecksums;
        }

        Sensor.Count(new SensorCounters { Timeouts = badChecksums > 0 ? 0 : 1 });
        Desk.Unread(Sensor, badChecksums > 0 ? UnreadReason.Crc : UnreadReason.Timeout, 1);
        FellSilent(bytes, $"no answer within {Script.ReplyTimeout.TotalSeconds} s");
        return false;
    }
}
