using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>One entry of the list <c>standby</c>: a line that a second box is wired to as well.</summary>
/// <param name="PortKey">The line, as <see cref="PortUri.Key"/>.</param>
/// <param name="Silence">After so long without a question one of both boxes asks again. Default 10 s, or three times the shortest interval on the line where that is more; 2 s to 1 h.</param>
public sealed record StandbyOptions(string PortKey, StandbyRole Role, TimeSpan Silence)
{
    /// <summary>Lines of one box that may have a second box.</summary>
    public const int LinesMax = 64;

    /// <summary>The box that asks does so this often within the silence, or the other one would take a slow line for a dead one.</summary>
    public const int QuestionsPerSilence = 3;

    static readonly TimeSpan SilenceDefault = TimeSpan.FromSeconds(10);
    static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan SilenceMax = TimeSpan.FromHours(1);

    /// <summary>The longest that the box that asks lets the line rest.</summary>
    public TimeSpan QuestionEvery => Silence / QuestionsPerSilence;

    internal static IReadOnlyList<StandbyOptions> Read(SettingsSection root, IReadOnlyList<SensorOptions> sensors)
    {
        var lines = new List<StandbyOptions>();
        foreach (var section in root.List("standby", LinesMax))
            if (ReadLine(section, sensors) is { } line)
            {
                if (lines.Any(other => other.PortKey == line.PortKey))
                    section.Error("port", line.PortKey, "this line stands twice in the list.", "Keep one of both.");
                lines.Add(line);
            }

        return lines;
    }

    static StandbyOptions? ReadLine(SettingsSection section, IReadOnlyList<SensorOptions> sensors)
    {
        var text = section.Text("port", null, "Write the port of the sensors on the line, such as serial:/dev/ttyUSB0.");
        if (!section.Has("role"))
            section.Error("role", null, "this key is required.", "Write preferred in one box and standby in the other.");
        var role = section.Choice("role", StandbyRole.Standby);
        var key = (PortUri.TryParse(text.StartsWith('/') ? $"serial:{text}" : text, out _, out _) as SerialPortUri)?.Key;
        List<SensorOptions> line = [.. sensors.Where(sensor => sensor.Port.Key == key)];
        if (key is null && text.Length > 0)
            section.Error("port", text, "only a serial line can have a second box: behind a converter neither hears the other.", "Write serial: and the path of the device, as the sensors do.");
        else if (key is not null && line.Count == 0)
            section.Error("port", text, "no sensor is on this line.", "Write the port as the sensors on it do.");
        else if (line.Find(sensor => sensor.Driver != ModbusDriver.Driver) is { } other)
            section.Error("port", text, $"the sensor {other.Id} on this line speaks no Modbus, and its questions are not understood by a box that listens.", "Give it a line of its own, or leave this line out of the list.");
        var least = line.Count == 0 ? TimeSpan.Zero : line.Min(sensor => sensor.Interval) * QuestionsPerSilence;
        var silence = section.Duration("silence", least > SilenceDefault ? least : SilenceDefault, SilenceMin, SilenceMax);
        if (silence < least)
            section.Error("silence", Units.Format(silence), "a healthy line would be taken for a silent one: its sensors are asked too seldom.", $"Write at least {Units.Format(least)}, three times the shortest interval on the line, or read one sensor more often.");
        section.RejectUnknown();
        return key is null ? null : new StandbyOptions(key, role, silence);
    }
}
