using System.Diagnostics;
using System.Text.Json;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>The simulators as a process of their own, spoken to by lines on its standard input.</summary>
sealed class SimsProcess(ProcessNursery nursery, string program, string directory, ulong seed) : IAsyncDisposable
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    Process? process;

    /// <summary>Every value that was put on a wire, one JSON object a line.</summary>
    public string LedgerFile => Path.Combine(directory, "ledger.jsonl");

    public string AirPort => Path.Combine(directory, "ttyPM0");

    public string BusPort => Path.Combine(directory, "ttyBUS0");

    /// <param name="busEnds">Boxes that the bus is wired to.</param>
    public async Task StartAsync(TimeProvider time, int busEnds = 1)
    {
        process = await nursery.StartAsync(program, ["run", "--dir", directory, "--seed", $"{seed}", "--bus-ends", $"{busEnds}", "--json", "--stop-with-stdin"], new Dictionary<string, string>());
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await ReadAsync("ready", time);
    }

    /// <summary>One command; the simulators answer each with one line.</summary>
    public async Task AskAsync(string command, TimeProvider time)
    {
        if (process is null or { HasExited: true })
            throw new InvalidOperationException("The simulators are not running.");
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
        var answer = await ReadAsync("done", time);
        if (answer.GetProperty("command").GetString() != command)
            throw new InvalidOperationException($"The simulators answered {answer} to «{command}».");
    }

    async Task<JsonElement> ReadAsync(string awaited, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(AnswerMax, time);
        while (await process!.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var name = json.RootElement.GetProperty("event").GetString();
            if (name == awaited)
                return json.RootElement.Clone();
            if (name == "refused")
                throw new InvalidOperationException($"The simulators refused: {line}");
        }

        throw new InvalidOperationException("The simulators ended before they answered.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
