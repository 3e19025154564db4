using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// A relay or a siren. It is in its safe state from the opening of its line on until it is told otherwise, again after its longest
/// time on, and when the daemon stops. When the process dies the kernel gives the line back, and what it then does is up to the chip
/// and its pull resistor: wire the relay so that an input pulled to its rest is the safe state.
/// </summary>
sealed class GpioOutput : GpioPoint
{
    readonly OutputSettings settings;
    readonly GpioPortUri port;
    readonly Action<bool> write;
    TimeSpan reportAt;
    TimeSpan? safeAt;
    bool on;

    /// <param name="write">Puts a level on the line.</param>
    public GpioOutput(SensorState sensor, SensorDesk desk, Action<bool> write, TimeSpan now) : base(sensor, desk)
    {
        settings = (OutputSettings)sensor.Options.Settings;
        port = (GpioPortUri)sensor.Options.Port;
        (this.write, on, reportAt) = (write, settings.Safe, now);
    }

    public override TimeSpan Next => safeAt is { } at && at < reportAt ? at : reportAt;

    /// <summary>The level on the line for a state.</summary>
    public static bool Level(SensorState sensor, bool on) => on != ((GpioPortUri)sensor.Options.Port).Invert;

    /// <summary>A command: outputs have no edges of their own.</summary>
    public override void Edge(int which, bool high, TimeSpan at) => Set(high, at);

    /// <summary>Switches it.</summary>
    public void Set(bool wanted, TimeSpan now)
    {
        write(wanted != port.Invert);
        on = wanted;
        safeAt = wanted != settings.Safe && settings.LongestOn > TimeSpan.Zero ? now + settings.LongestOn : null;
        Report(now);
    }

    public override void Advance(TimeSpan now)
    {
        if (now >= safeAt)
            Set(settings.Safe, now);
        else if (now >= reportAt)
            Report(now);
    }

    void Report(TimeSpan now)
    {
        reportAt = now + Sensor.Options.Interval;
        Desk.Read(Sensor, 0, Desk.BootTimeMs, on ? 1 : 0, Quality.Good);
    }
}
