using System.Collections.Concurrent;
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
    /// <summary>Commands that wait for the loop, which takes them at once: more is somebody's mistake.</summary>
    const int CommandsMax = 16;

    readonly OutputSettings settings;
    readonly GpioPortUri port;
    readonly Action<bool> write;
    readonly ConcurrentQueue<OutputCommand> commands = new();
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

    /// <summary>Takes a command for the loop; false where there are too many already. From any thread; it has a queue of its own, for edges may be dropped.</summary>
    public bool Post(OutputCommand command)
    {
        if (commands.Count >= CommandsMax)
            return false;
        commands.Enqueue(command);
        return true;
    }

    public override void Advance(TimeSpan now)
    {
        while (commands.TryDequeue(out var command))
            command.Obeyed(Set(command.On, command.Length, now));
        if (now >= safeAt)
            Set(settings.Safe, null, now);
        else if (now >= reportAt)
            Report(now);
    }

    // How long it stays so; null for ever.
    TimeSpan? Set(bool wanted, TimeSpan? length, TimeSpan now)
    {
        write(wanted != port.Invert);
        on = wanted;
        if (wanted == settings.Safe)
            length = null;
        else if (settings.LongestOn > TimeSpan.Zero && (length is null || length > settings.LongestOn))
            length = settings.LongestOn;
        safeAt = now + length;
        Report(now);
        return length;
    }

    void Report(TimeSpan now)
    {
        reportAt = now + Sensor.Options.Interval;
        Desk.Read(Sensor, 0, Desk.BootTimeMs, on ? 1 : 0, Quality.Good);
    }
}
