using System.Globalization;
using EdgeHub.Hosting.Settings;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgeHub.Hosting.Logging;

/// <summary>What is logged and in which form.</summary>
public sealed record LogOptions
{
    public LogFormat Format { get; init; } = LogFormat.Text;

    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Reads <c>log</c>: <c>format</c> (text or json) and <c>level</c> (trace … critical).</summary>
    public static LogOptions Read(SettingsSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = new LogOptions { Format = section.Choice("format", LogFormat.Text), Level = section.Choice("level", LogLevel.Information) };
        section.RejectUnknown();
        return options;
    }

    /// <summary>Sends the log of <paramref name="logging"/> to standard output as these options say.</summary>
    public void Apply(ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        logging.ClearProviders();
        logging.SetMinimumLevel(Level);
        // The web server tells of every request and connection at Information.
        logging.AddFilter("Microsoft", level => level >= LogLevel.Warning && level >= Level);
        if (Format == LogFormat.Json)
            logging.AddJsonConsole(Stamp);
        else if (IsService)
            logging.AddSystemdConsole(console => console.IncludeScopes = false);
        else
            logging.AddSimpleConsole(console =>
            {
                Stamp(console);
                console.SingleLine = true;
            });
    }

    // The helper looks for systemd as the parent process, which a unit with ProtectProc=invisible does not see; systemd names whom it started, too.
    static bool IsService => SystemdHelpers.IsSystemdService() || Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    static void Stamp(ConsoleFormatterOptions console)
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    }
}
