using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeHub.Edge.Sensors.Lines;
using Microsoft.Extensions.Logging;

// The line that is returned owns the program that is started here; the analyzer does not see that.
#pragma warning disable CA2000

namespace EdgeHub.Edge.Sensors.Processes;

/// <summary>Starts the program of one sensor: the line is its standard input and output.</summary>
sealed partial class ProgramOpener(SensorOptions sensor, ProcessSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>From one start to the next at least: a program that dies at once costs no more than this.</summary>
    static readonly TimeSpan StartInterval = TimeSpan.FromSeconds(2);

    const string Limiter = "/usr/bin/prlimit";

    long? lastStart;

    public async Task<Line> OpenAsync(PortUri port, CancellationToken cancellationToken)
    {
        if (lastStart is { } before && StartInterval - time.GetElapsedTime(before) is var rest && rest > TimeSpan.Zero)
            await Task.Delay(rest, time, cancellationToken);
        lastStart = time.GetTimestamp();
        var program = Start();
        LogStarted(logger, sensor.Id, program.Id);
        await GreetAsync(program, cancellationToken);
        var errors = new ProgramErrors(sensor.Id, time, logger);
        return new Line(port.ToString()!, new ProgramStream(program, settings, errors, time), static () => true, time);
    }

    Process Start()
    {
        List<string> words = settings.MemoryMax > 0 ? [Limiter, $"--as={settings.MemoryMax.ToString(CultureInfo.InvariantCulture)}", "--", .. settings.Command] : [.. settings.Command];
        var start = new ProcessStartInfo(words[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException)
        {
            throw new LineException(Condition.Fault, $"{words[0]} cannot be started ({e.Message}): check command, that the file is there and may be executed; it is tried again by itself.", e);
        }
    }

    async Task GreetAsync(Process program, CancellationToken cancellationToken)
    {
        try
        {
            await program.StandardInput.WriteAsync(Greeting().AsMemory(), cancellationToken);
            await program.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has ended or closed its input already; the end of its output says so with its last words.
        }
    }

    string Greeting()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("edgehub"u8, 1);
            json.WriteString("sensor"u8, sensor.Id);
            json.WriteNumber("interval_ms"u8, (long)sensor.Interval.TotalMilliseconds);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    [LoggerMessage(140, LogLevel.Information, "Sensor {Sensor}: its program is started as process {Process}.")]
    private static partial void LogStarted(ILogger logger, string sensor, int process);
}
