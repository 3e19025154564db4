using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors.Processes;

/// <summary>What a program says on standard error: in the log, so much a minute and no more, and its last words kept.</summary>
sealed partial class ProgramErrors(string sensor, TimeProvider time, ILogger logger)
{
    const int LinesPerMinuteMax = 60;
    const int LineCharactersMax = 300;

    long windowStart = time.GetTimestamp();
    int lines;

    /// <summary>The last line; empty when there was none.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Reads until the program closes it.</summary>
    public async Task PumpAsync(StreamReader errors)
    {
        var buffer = new char[LineCharactersMax];
        var held = 0;
        int count;
        while ((count = await errors.ReadAsync(buffer.AsMemory(held))) > 0)
        {
            held += count;
            int end;
            while ((end = Array.IndexOf(buffer, '\n', 0, held)) >= 0 || held == buffer.Length)
            {
                var length = end < 0 ? held : end;
                Say(new string(buffer, 0, length).TrimEnd());
                var used = Math.Min(held, length + 1);
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
            }
        }

        if (held > 0)
            Say(new string(buffer, 0, held).TrimEnd());
    }

    void Say(string line)
    {
        if (line.Length == 0)
            return;
        Last = line;
        if (time.GetElapsedTime(windowStart) >= TimeSpan.FromMinutes(1))
            (windowStart, lines) = (time.GetTimestamp(), 0);
        if (++lines <= LinesPerMinuteMax)
            LogLine(logger, sensor, line);
    }

    [LoggerMessage(141, LogLevel.Warning, "Sensor {Sensor}: its program says: {Line}")]
    private static partial void LogLine(ILogger logger, string sensor, string line);
}
