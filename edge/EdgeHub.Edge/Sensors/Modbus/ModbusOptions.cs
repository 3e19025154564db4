using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The section <c>modbus</c>.</summary>
public sealed record ModbusOptions
{
    /// <summary>How long a slave may take to answer. Default 500 ms, 20 ms to 5 s.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Least silence between an answer and the next request; never below 3.5 characters. Default 10 ms, up to 1 s.</summary>
    public TimeSpan Turnaround { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A directory with profiles of one's own, one JSON file each; empty for none.</summary>
    public string ProfilesDirectory { get; init; } = "";

    internal static ModbusOptions Read(SettingsSection section)
    {
        var defaults = new ModbusOptions();
        var options = new ModbusOptions
        {
            ReplyTimeout = section.Duration("replyTimeout", defaults.ReplyTimeout, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5)),
            Turnaround = section.Duration("turnaround", defaults.Turnaround, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            ProfilesDirectory = section.Text("profilesDirectory", "", "Write the path of a directory."),
        };
        section.RejectUnknown();
        return options;
    }
}
