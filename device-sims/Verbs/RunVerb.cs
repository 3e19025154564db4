using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Scenarios;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary>
/// <c>edgehub-sims run [SCENARIO]</c>: plays a scenario, or the standard set, until Ctrl-C, SIGTERM, <c>--seconds</c>, the scenario's own
/// end, or, with <c>--stop-with-stdin</c>, the end of standard input. The first line (or lines, without <c>--json</c>) says
/// what lies where, the last is the counts; between them standard input is the <see cref="ControlChannel"/>.
/// </summary>
internal static class RunVerb
{
    private const int WrongScenario = 2;

    /// <summary>The sensor's fast mode has 0.2 to 0.8 s; with a bus polled each second this makes 40 values a second.</summary>
    private const double PmsIntervalSeconds = 0.5;

    private const int BusEndsMax = 8;

    private const double SecondsMax = 7 * 24 * 3600;

    internal static Command Create(TextReader input, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var scenario = new Argument<string?>("scenario") { Description = "A scenario in YAML (docs/examples/*.scenario.yaml); without it, the standard set.", Arity = ArgumentArity.ZeroOrOne };
        var directory = new Option<string?>("--dir") { Description = "Where the ports and the ledger appear; made when missing. With a scenario, by default edgehub-sims in the temporary folder." };
        var seed = new Option<ulong?>("--seed") { Description = "Equal seeds give equal values and faults. Wins over the scenario's; else 1." };
        var speed = SecondsOption("--speed", "Scenario time and streams run so many times faster; the bytes of a wire keep their pace. Wins over the scenario's.", 0.01, null);
        var seconds = SecondsOption("--seconds", "Stop by itself after so many seconds.", 0, null);
        var interval = SecondsOption("--pms-interval", "Seconds from one PMS5003 frame to the next, in the standard set.", 0.05, PmsIntervalSeconds);
        var ends = new Option<int>("--bus-ends") { Description = "How many boxes the bus of the standard set is wired to: ttyBUS0, ttyBUS0.2, … Each hears what the others send.", DefaultValueFactory = _ => 1 };
        var faults = FaultOption();
        var control = new Option<string?>("--control") { Description = "A UNIX socket that takes the same commands as standard input.", HelpName = "SOCKET" };
        var json = new Option<bool>("--json") { Description = "Say what lies where as one JSON object instead of text." };
        var stopWithStdin = new Option<bool>("--stop-with-stdin") { Description = "Stop when standard input closes, so that nothing outlives whoever started it." };
        var verb = new Command("run", $"Plays devices on pseudo terminals. Commands on standard input: {ControlChannel.Help}.") { scenario, directory, seed, speed, seconds, interval, ends, faults, control, json, stopWithStdin };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(scenario) is null && result.GetValue(directory) is null)
                result.AddError("Option '--dir' is required without a scenario.");
        });
        ends.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > BusEndsMax)
                result.AddError($"--bus-ends takes 1 to {BusEndsMax}.");
        });
        verb.SetAction(async (parsed, stoppingToken) =>
        {
            var read = parsed.GetValue(scenario) is { } file ? Read(file, parsed.GetValue(seed), parsed.GetValue(speed), time, errors) : null;
            if (read is null && parsed.GetValue(scenario) is not null)
                return WrongScenario;
            var path = Path.GetFullPath(parsed.GetValue(directory) ?? Path.Combine(Path.GetTempPath(), "edgehub-sims"));
            Directory.CreateDirectory(path);
            var clock = new ScenarioClock(time, read?.Speed ?? 1);
            using var rig = Rig.Open(path, time, ledger => read is null
                ? StandardSet.Wire(path, parsed.GetValue(seed) ?? 1, TimeSpan.FromSeconds(parsed.GetValue(interval)!.Value), ledger, time, parsed.GetValue(ends))
                : ScenarioPlay.Wire(read, path, ledger, clock, time));
            foreach (var fault in parsed.GetValue(faults) ?? [])
                if (rig.SetFault(fault.Sensor, fault.Kind, fault.Rate) is { } wrong)
                {
                    await errors.WriteLineAsync(wrong);
                    return WrongScenario;
                }

            await (parsed.GetValue(json) ? output.WriteLineAsync(RigReport.Ready(rig)) : WriteTextAsync(rig, output));
            await output.FlushAsync(stoppingToken);
            var run = new Run(rig, read, clock, input, output, time);
            await run.PlayAsync(parsed.GetValue(seconds), parsed.GetValue(stopWithStdin), parsed.GetValue(control), stoppingToken);
            await output.WriteLineAsync(RigReport.Counts(rig));
            return 0;
        });
        return verb;
    }

    private static Scenario? Read(string file, ulong? seed, double? speed, TimeProvider time, TextWriter errors)
    {
        var scenario = ScenarioReader.Read(file, seed, time, out var wrong);
        foreach (var error in wrong)
            errors.WriteLine(error);
        return scenario is not null && speed is { } given ? scenario with { Speed = given } : scenario;
    }

    private static async Task WriteTextAsync(Rig rig, TextWriter output)
    {
        foreach (var line in rig.Lines)
            foreach (var device in line.Devices)
                await output.WriteLineAsync($"{device.SensorId}: {device.Model} on {string.Join(" and ", line.Port.Paths)}{(device.Address is { } address ? $", address {address}" : "")}");
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

            result.AddError($"{name} must be a number from {least} to {SecondsMax}, not '{text}'.");
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
        var rates = new List<FaultRate>();
        foreach (var token in result.Tokens)
            if (FaultRate.Parse(token.Value, out var error) is { } rate)
                rates.Add(rate);
            else
                result.AddError(error);
        return [.. rates];
    }
}
