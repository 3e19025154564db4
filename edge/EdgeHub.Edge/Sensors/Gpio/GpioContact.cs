using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// One contact or pulse line between edges and readings: pure but for handing readings in. A contact reports each settled change
/// at once and its state every interval, so that silence is never mistaken for "closed"; a counter reports every interval.
/// </summary>
sealed class GpioContact
{
    readonly SensorDesk desk;
    readonly Debouncer debouncer;
    readonly PulseCount? pulses;
    TimeSpan reportAt;
    long bouncesCounted;

    /// <param name="high">The line's level now.</param>
    public GpioContact(SensorState sensor, SensorDesk desk, bool high, TimeSpan now)
    {
        (Sensor, this.desk) = (sensor, desk);
        Port = (GpioPortUri)sensor.Options.Port;
        debouncer = new Debouncer(Port.Debounce, high != Port.Invert);
        if (sensor.Options.Settings is CounterSettings counter)
            pulses = new PulseCount(Port.Edge, counter.PerPulse);
        reportAt = pulses is null ? now : now + sensor.Options.Interval;
    }

    public SensorState Sensor { get; }

    public GpioPortUri Port { get; }

    /// <summary>When <see cref="Advance"/> has something to do next.</summary>
    public TimeSpan Next => debouncer.Deadline is { } deadline && deadline < reportAt ? deadline : reportAt;

    public void Edge(bool high, TimeSpan at)
    {
        Advance(at);
        debouncer.Edge(high != Port.Invert, at);
    }

    /// <summary>The line was looked at: where it differs from the last edge, that edge was lost.</summary>
    public void Level(bool high, TimeSpan at)
    {
        if (high != Port.Invert != debouncer.Candidate)
            Edge(high, at);
    }

    /// <summary>Settles and reports what is due at <paramref name="now"/>.</summary>
    public void Advance(TimeSpan now)
    {
        if (debouncer.Settle(now))
        {
            if (pulses is not null)
                pulses.Settled(debouncer.Level);
            else
                Report(now);
        }

        if (now >= reportAt)
            Report(now);
        if (debouncer.Bounces > bouncesCounted)
            Sensor.Count(new SensorCounters { Bounces = debouncer.Bounces - bouncesCounted });
        bouncesCounted = debouncer.Bounces;
    }

    void Report(TimeSpan now)
    {
        reportAt = now + Sensor.Options.Interval;
        if (pulses is null)
        {
            desk.Read(Sensor, 0, desk.BootTimeMs, debouncer.Level ? 1 : 0, Quality.Good);
            return;
        }

        var (delta, total) = pulses.Report();
        var bootTimeMs = desk.BootTimeMs;
        desk.Read(Sensor, 0, bootTimeMs, delta, Quality.Good);
        desk.Read(Sensor, 1, bootTimeMs, total, Quality.Good);
    }
}
