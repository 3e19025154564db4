using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub scan KIND [PORT...]</c>: what is wired to this box. Exit code: 0 something was found that can be configured, 1 nothing.</summary>
sealed class ScanVerb(TimeProvider time, TextWriter output, TextWriter errors)
{
    const double ListenSecondsDefault = 3;

    static readonly string[] Kinds = ["serial", "modbus", "dlt645", "cjt188", "i2c", "onewire", "gpio"];

    readonly Argument<string> kind = new("KIND") { Description = string.Join(", ", Kinds) };
    readonly Argument<string[]> ports = new("PORT") { Description = "Serial devices; without any, all that are found.", Arity = ArgumentArity.ZeroOrMore };
    readonly Option<bool> passive = new("--passive") { Description = "Only listen and look; never send a byte." };
    readonly Option<bool> json = new("--json") { Description = "One JSON array instead of a table." };
    readonly Option<string?> write = new("--write-config") { Description = "Write the configuration that it would use to a new file.", HelpName = "FILE" };
    readonly Option<int[]> bauds = new("--baud") { Description = "Try these speeds instead of the common ones.", AllowMultipleArgumentsPerToken = true };
    readonly Option<string> addresses = new("--addresses") { Description = "Modbus addresses to ask.", DefaultValueFactory = _ => "1-247" };
    readonly Option<double> listen = new("--listen") { Description = "Seconds to listen at each speed.", DefaultValueFactory = _ => ListenSecondsDefault };
    readonly Option<string> devices = new("--dev") { Description = "Where the devices lie.", DefaultValueFactory = _ => "/dev" };
    readonly Option<string> sysfs = new("--sys") { Description = "Where sysfs is mounted.", DefaultValueFactory = _ => "/sys" };

    public Command Create()
    {
        kind.AcceptOnlyFromAmong(Kinds);
        addresses.Validators.Add(result =>
        {
            if (AddressRange.TryParse(result.GetValueOrDefault<string>()) is null)
                result.AddError("--addresses takes a range within 1-247, such as 1-32, or one address.");
        });
        bauds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>()?.Any(baud => baud is < 300 or > 4_000_000) == true)
                result.AddError("--baud takes 300 to 4000000.");
        });
        listen.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 600))
                result.AddError("--listen takes seconds, more than 0 and at most 600.");
        });
        var verb = new Command("scan", "Find what is wired to this box: listens first, says before it asks, and only ever reads.") { kind, ports, passive, json, write, bauds, addresses, listen, devices, sysfs };
        verb.SetAction(RunAsync);
        return verb;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        try
        {
            var found = await FindAsync(parsed, stop);
            if (parsed.GetValue(write) is { } file)
            {
                var config = FoundConfig.Of(found, GatewayIdentity.Default(GatewayIdentity.MachineIdFile) is null ? "box" : null);
                await config.WriteAsync(file, stop);
                await errors.WriteLineAsync($"{file} has {config.Sensors.Count} sensors; look it over, then: edgehub test --once --config {file}");
            }

            await output.WriteAsync(parsed.GetValue(json) ? JsonSerializer.Serialize([.. found], FindingJson.Default.FoundArray) + "\n" : Table(found));
            return found.Any(one => one.Sensor is not null) ? ExitCode.Ok : ExitCode.Fault;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }

    async Task<IReadOnlyList<Found>> FindAsync(ParseResult parsed, CancellationToken stop)
    {
        var openers = LineOpeners.Box(time, "");
        switch (parsed.GetValue(kind))
        {
            case "onewire":
                return KernelScan.OneWire(parsed.GetValue(sysfs)!);
            case "gpio":
                return KernelScan.GpioChips(parsed.GetValue(devices)!);
            case "i2c":
                var buses = I2cScan.Buses(parsed.GetValue(devices)!);
                if (parsed.GetValue(passive))
                    return [.. buses.Select(bus => new Found($"i2c:{bus}", "a bus", "without --passive one byte is read of each address"))];
                await errors.WriteLineAsync($"Reading one byte of each address on {buses.Count} buses.");
                return [.. buses.SelectMany(bus => I2cScan.Run(openers.I2c, bus))];
            case var serial:
                return await SerialAsync(parsed, serial!, openers.Line, stop);
        }
    }

    async Task<IReadOnlyList<Found>> SerialAsync(ParseResult parsed, string which, OpenLine open, CancellationToken stop)
    {
        var given = parsed.GetValue(ports) ?? [];
        string[] paths = given.Length > 0 ? [.. given.Select(path => SerialPorts.StableName(path) ?? path)] : [.. SerialPorts.Of(parsed.GetValue(devices)!)];
        if (paths.Length == 0)
            await errors.WriteLineAsync($"No serial port was found under {parsed.GetValue(devices)}: plug the adapter in, or name the port as an argument.");
        int[] speeds = parsed.GetValue(bauds) ?? [];
        var asked = AddressRange.TryParse(parsed.GetValue(addresses))!;
        Func<string, CancellationToken, Task<IReadOnlyList<Found>>> scan = which switch
        {
            "serial" => new SerialScan(open, speeds.Length > 0 ? speeds : LineSettings.TalkerBauds, TimeSpan.FromSeconds(parsed.GetValue(listen)), time).RunAsync,
            "modbus" => new ModbusScan(open, LineSettings.Sweep(speeds.Length > 0 ? speeds : LineSettings.ModbusBauds), asked[0], asked[^1], parsed.GetValue(passive), errors.WriteLine, time).RunAsync,
            "cjt188" => new WaterMeterScan(open, speeds.Length > 0 ? LineSettings.Sweep(speeds) : LineSettings.Meters, parsed.GetValue(passive), errors.WriteLine, time).RunAsync,
            _ => new MeterScan(open, speeds.Length > 0 ? LineSettings.Sweep(speeds) : LineSettings.Meters, parsed.GetValue(passive), errors.WriteLine, time).RunAsync,
        };
        var found = new List<Found>();
        foreach (var path in paths)
            try
            {
                found.AddRange(await scan(path, stop));
            }
            catch (LineException e)
            {
                found.Add(new Found(path, "a port that does not open", e.Message));
            }

        return found;
    }

    static string Table(IReadOnlyList<Found> found)
    {
        var text = new StringBuilder();
        foreach (var one in found)
            text.Append(one.Port).Append("\n  ").Append(one.What).Append(": ").Append(one.Evidence).Append(".\n");
        return text.Length > 0 ? text.ToString() : "Nothing was found.\n";
    }
}
