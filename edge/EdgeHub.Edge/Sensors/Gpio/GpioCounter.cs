using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// A pulse line: every interval what has come since the last report, and the total. The total is on disk before it is reported, so
/// that no restart and no power cut takes it back; what a power cut costs are the pulses since the last report.
/// Saving happens beside the loop, which never waits for the disk.
/// </summary>
sealed class GpioCounter : GpioPoint
{
    /// <summary>How often a save under way is looked at.</summary>
    static readonly TimeSpan SaveLook = TimeSpan.FromMilliseconds(50);

    readonly GpioPortUri port;
    readonly decimal perPulse;
    readonly TotalFile file;
    readonly Debouncer line;
    readonly bool isDamaged;
    ulong total;
    ulong reported;
    ulong saved;
    Task? saving;
    TimeSpan savingLookAt;
    TimeSpan reportAt;
    long bouncesCounted;

    public GpioCounter(SensorState sensor, SensorDesk desk, TotalFile file, bool high, TimeSpan now) : base(sensor, desk)
    {
        port = (GpioPortUri)sensor.Options.Port;
        perPulse = ((CounterSettings)sensor.Options.Settings).PerPulse;
        this.file = file;
        line = new Debouncer(port.Debounce, high != port.Invert);
        var loaded = file.Load();
        isDamaged = loaded is null;
        total = reported = loaded ?? 0;
        reportAt = now + sensor.Options.Interval;
    }

    public override TimeSpan Next => new[] { line.Deadline, saving is null ? null : savingLookAt, reportAt }.Min()!.Value;

    public override void Edge(int which, bool high, TimeSpan at)
    {
        Advance(at);
        line.Edge(high != port.Invert, at);
    }

    public override void Level(int which, bool high, TimeSpan at)
    {
        if (high != port.Invert != line.Candidate)
            Edge(which, high, at);
    }

    public override void Advance(TimeSpan now)
    {
        if (line.Settle(now) && (port.Edge == PulseEdge.Both || line.Level == (port.Edge == PulseEdge.Rising)))
            total++;
        if (saving is not null && now >= savingLookAt)
            Saved(now);
        if (now >= reportAt)
            Report(now);
        if (line.Bounces > bouncesCounted)
            Sensor.Count(new SensorCounters { Bounces = line.Bounces - bouncesCounted });
        bouncesCounted = line.Bounces;
    }

    void Report(TimeSpan now)
    {
        reportAt = now + Sensor.Options.Interval;
        if (saving is not null)
        {
            Desk.Unread(Sensor, UnreadReason.Late, 1); // The disk still holds the last one.
            return;
        }

        saved = total;
        saving = isDamaged || total == reported ? Task.CompletedTask : file.SaveAsync(total);
        savingLookAt = now + SaveLook;
        Saved(now);
    }

    void Saved(TimeSpan now)
    {
        savingLookAt = now + SaveLook;
        if (saving is not { IsCompleted: true } done)
            return;
        saving = null;
        if (done.IsFaulted)
        {
            Sensor.Become(Condition.Fault, $"its total cannot be saved ({done.Exception.InnerException!.Message}): what has been counted waits until it can.");
            Desk.Unread(Sensor, UnreadReason.Refused, 1);
            return;
        }

        var bootTimeMs = Desk.BootTimeMs;
        Desk.Read(Sensor, 0, bootTimeMs, (double)((saved - reported) * perPulse), Quality.Good);
        Desk.Read(Sensor, 1, bootTimeMs, isDamaged ? double.NaN : (double)(saved * perPulse), isDamaged ? Quality.BadDeviceFault : Quality.Good);
        reported = saved;
        if (isDamaged)
            Sensor.Become(Condition.Fault, $"the file with its total is damaged: what comes is counted, the total is unknown; note the meter's own total and delete {file.Name}.");
        else
            Sensor.Become(Condition.Ok, "ok.");
    }
}
