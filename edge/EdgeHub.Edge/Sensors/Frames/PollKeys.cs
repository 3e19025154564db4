using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>The keys of instruments that either send by themselves or are asked.</summary>
static class PollKeys
{
    static readonly TimeSpan SleepIntervalMin = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<DriverKey> Keys { get; } =
    [
        new("mode", "active or passive", "active", "active: it sends by itself. passive: it is asked each interval."),
        new("sleep", "true or false", "false", "Passive mode only: it sleeps between two questions, which spares its laser and fan; the interval is then at least 60s."),
    ];

    public static PollSettings Read(SettingsSection section, IReadOnlyList<SensorQuantity> streams, string model, TimeSpan settle)
    {
        var mode = section.Choice("mode", PollMode.Active);
        var sleeps = section.Flag("sleep", false);
        if (sleeps && mode == PollMode.Active)
            section.Error("sleep", "true", "a sensor in active mode does not sleep.", "Write mode passive as well, or leave sleep out.");
        if (sleeps && section.Duration("interval", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MaxValue) < SleepIntervalMin)
            section.Error("interval", null, $"a sensor that sleeps needs {settle.TotalSeconds} s to settle after each waking.", $"Write an interval of at least {Units.Format(SleepIntervalMin)}, or leave sleep out.");
        return new PollSettings(streams, model, mode == PollMode.Passive, sleeps);
    }
}
