using System.CommandLine;
using System.Text.Json;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub sniff PORT</c>: listens to a line, tells what goes over it, and records it. It never sends.</summary>
sealed class SniffVerb(TimeProvider time, TextWriter output, TextWriter errors)
{
    /// <summary>A frame does not pause longer; a USB adapter hands its bytes over every 16 ms.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Bytes that are kept to recognise who talks.</summary>
    const int KeptBytesMax = 16 << 10;

    public Command Create()
    {
        var port = new Argument<string>("PORT") { Description = "The serial device, such as /dev/serial/by-id/…" };
        var baud = new Option<int>("--baud") { Description = "Its speed.", DefaultValueFactory = _ => 9600 };
        var parity = new Option<string>("--parity") { Description = "Its parity: meters mostly have even.", DefaultValueFactory = _ => "none" };
        parity.AcceptOnlyFromAmong("none", "even", "odd");
        var record = new Option<string?>("--record") { Description = "Write what was heard to a new .ehtrace file; edgehub-sims replay plays it.", HelpName = "FILE" };
        var seconds = new Option<double?>("--seconds") { Description = "Stop after so many seconds; without it, at Ctrl-C." };
        baud.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 300 or > 4_000_000)
                result.AddError("--baud takes 300 to 4000000.");
        });
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 604_800)))
                result.AddError("--seconds takes more than 0 and at most 604800.");
        });
        var verb = new Command("sniff", "Tell what goes over a serial line, without sending: who asked, who answered, how fast, and what does not check.") { port, baud, parity, record, seconds };
        verb.SetAction(async (parsed, stop) =>
        {
            var path = parsed.GetValue(port)!;
            try
            {
                await using var file = parsed.GetValue(record) is { } name ? new StreamWriter(new FileStream(name, FileMode.CreateNew, FileAccess.Write)) : null;
                await using var line = await ProbeLine.OpenAsync(new LineOpener(time).OpenAsync, path, LineSettings.Of(parsed.GetValue(baud), parsed.GetValue(parity)!), time, stop);
                await ListenAsync(line, path, file, parsed.GetValue(seconds) is { } length ? TimeSpan.FromSeconds(length) : TimeSpan.MaxValue, stop);
                return ExitCode.Ok;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await errors.WriteLineAsync(e.Message);
                return ExitCode.Fault;
            }
        });
        return verb;
    }

    async Task ListenAsync(ProbeLine line, string path, StreamWriter? file, TimeSpan length, CancellationToken stop)
    {
        var (traffic, book, kept) = (new Traffic(), new TrafficBook(), new List<byte>());
        var begun = time.GetTimestamp();
        while (!stop.IsCancellationRequested && time.GetElapsedTime(begun) < length)
        {
            ReadOnlyMemory<byte> heard;
            try
            {
                heard = await line.HearAsync(Pause, stop);
            }
            catch (OperationCanceledException)
            {
                break; // Ctrl-C: the summary is still told.
            }

            var events = heard.IsEmpty ? traffic.Silence() : traffic.Add(time.GetElapsedTime(begun).TotalMilliseconds, heard.Span);
            kept.AddRange(kept.Count < KeptBytesMax ? heard.ToArray() : []);
            foreach (var (one, meter) in events.SelectMany(Divide))
            {
                await output.WriteLineAsync(meter is null ? book.Tell(one) : book.Tell(one, meter));
                if (file is not null)
                    await file.WriteLineAsync(JsonSerializer.Serialize(TraceLine.Of(one, path), TraceJson.Default.TraceLine));
            }
        }

        await output.WriteAsync(book.Summary());
        if (Recognition.Of([.. kept]) is var (driver, frames, _))
            await output.WriteLineAsync($"This is how a {driver} talks by itself: {frames} of its frames check.");
    }

    // What is no Modbus may be a meter's.
    static IEnumerable<(TrafficEvent, MeterFrame?)> Divide(TrafficEvent one) => one.Kind != TrafficKind.Unclear
        ? [(one, null)]
        : MeterFrame.Divide(one.Bytes).Select(part => (one with { Kind = part.Frame?.Kind ?? TrafficKind.Unclear, Bytes = part.Bytes }, part.Frame));
}
