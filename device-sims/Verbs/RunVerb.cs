using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary>
/// <c>edgehub-sims run</c>: plays the standard set until Ctrl-C, SIGTERM, <c>--seconds</c>, or, with
/// <c>--stop-with-stdin</c>, the end of standard input. The first line (or lines, without <c>--json</c>) says
/// what lies where, the last is the counts; between them standard input is the <see cref="ControlChannel"/>.
/// </summary>
internal static class RunVerb
{
    private const string LedgerName = "ledger.jsonl";

    /// <summary>The sensor's fast mode has 0.2 to 0.8 s; with a bus polled each second this makes 40 values a second.</summary>
    private const double PmsIntervalSeconds = 0.5;

    private const double SecondsMax = 7 * 24 * 3600;

    internal static Command Create(TextReader input, TextWriter output, TimeProvider time)
    {
        var directory = new Option<string>("--dir") { Description = "Where the ports and the ledger appear; made when missing.", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Equal seeds give equal values and faults.", DefaultValueFactory = _ => 1 };
        var seconds = SecondsOption("--seconds", "Stop by itself after so many seconds.", 0, null);
        var interval = SecondsOption("--pms-interval", "Seconds from one PMS5003 frame to the next.", 0.05, PmsIntervalSeconds);
        var faults = FaultOption();
        var json = new Option<bool>("--json") { Description = "Say what lies where as one JSON object instead of text." };
        var stopWithStdin = new Option<bool>("--stop-with-stdin") { Description = "Stop when standard input closes, so that nothing outlives whoever started it." };
        var verb = new Command("run", "Plays the standard set of devices on pseudo terminals.") { directory, seed, seconds, interval, faults, json, stopWithStdin };
        verb.SetAction(async (parsed, stoppingToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(directory));
            using var rig = Prepare(path, parsed.GetValue(seed), TimeSpan.FromSeconds(parsed.GetValue(interval)!.Value), time);
            foreach (var fault in parsed.GetValue(faults) ?? [])
            {
                rig.SetFault(fault.Sensor, fault.Kind, fault.Rate);
            }

            await (parsed.GetValue(json) ? output.WriteLineAsync(RigReport.Ready(rig)) : WriteTextAsync(rig, output));
            await output.FlushAsync(stoppingToken);
            await PlayAsync(rig, input, output, parsed.GetValue(seconds), parsed.GetValue(stopWithStdin), time, stoppingToken);
            await output.WriteLineAsync(RigReport.Counts(rig));
            return 0;
        });
        return verb;
    }

    private static Rig Prepare(string path, ulong seed, TimeSpan pmsInterval, TimeProvider time)
    {
        Directory.CreateDirectory(path);
#pragma warning disable CA2000 // The rig owns the ledger; what fails before there is one is caught here.
        var ledger = new Ledger(Path.Combine(path, LedgerName), time);
#pragma warning restore CA2000
        try
        {
            return new Rig(StandardSet.Wire(path, seed, pmsInterval, ledger, time), ledger);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    private static async Task PlayAsync(
        Rig rig, TextReader input, TextWriter output, double? seconds, bool stopWithStdin, TimeProvider time, CancellationToken stoppingToken)
    {
        using var limit = seconds is { } limited
            ? new CancellationTokenSource(TimeSpan.FromSeconds(limited), time)
            : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);

        // Reading standard input cannot be cancelled: what still waits for a line is left behind and ends with the process.
        var control = new ControlChannel(rig, output).RunAsync(input, stop.Token).WaitAsync(stop.Token);
        var playing = rig.RunAsync(stop.Token);
        if (await Task.WhenAny(playing, control) == control)
        {
            await ControlEndedAsync(control);
            if (stopWithStdin)
            {
                await stop.CancelAsync();
            }
        }

        await playing;
    }

    private static async Task ControlEndedAsync(Task control)
    {
        try
        {
            await control;
        }
        catch (OperationCanceledException)
        {
            // The run is over; so is the channel.
        }
    }

    private static async Task WriteTextAsync(Rig rig, TextWriter output)
    {
        foreach (var line in rig.Lines)
        {
            foreach (var device in line.Devices)
            {
                var address = device.Address is { } number ? $", address {number}" : "";
                await output.WriteLineAsync($"{device.SensorId}: {device.Model} on {line.Port.Path}{address}");
            }
        }

        await output.WriteLineAsync($"ledger: {rig.Ledger.Path}");
    }

    private static Option<double?> SecondsOption(string name, string description, double least, double? standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && given > 0 && given >= least && given <= SecondsMax)
            {
                return given;
            }

            result.AddError($"{name} must be a number of seconds from {least} to {SecondsMax}, not '{text}'.");
            return null;
        },
    };

    private static Option<FaultRate[]> FaultOption() => new("--fault")
    {
        Description = $"[sensor:]name=rate, how many frames (0 to 1) a fault strikes. Names: {string.Join(", ", FaultRate.Names)}. May be repeated.",
        CustomParser = ParseFaults,
    };

    private static FaultRate[] ParseFaults(ArgumentResult result)
    {
        var sensors = StandardSet.Devices(seed: 1).Select(entry => entry.Device.SensorId).ToList();
        var rates = new List<FaultRate>();
        foreach (var token in result.Tokens)
        {
            if (FaultRate.Parse(token.Value, out var error) is not { } rate)
            {
                result.AddError(error);
            }
            else if (rate.Sensor is { } sensor && !sensors.Contains(sensor))
            {
                result.AddError($"'{sensor}' is no sensor here; there are: {string.Join(", ", sensors)}.");
            }
            else
            {
                rates.Add(rate);
            }
        }

        return [.. rates];
    }
}
