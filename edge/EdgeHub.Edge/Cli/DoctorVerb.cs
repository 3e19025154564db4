using System.CommandLine;
using System.Text.Json;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Finding.Doctor;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub doctor bus PORT</c>: what is wrong with a Modbus line. Exit code: 0 nothing that can be seen, 1 something, 2 a wrong command line or configuration.</summary>
sealed class DoctorVerb(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    const double ListenSecondsDefault = 2;

    readonly Argument<string> port = new("PORT") { Description = "The serial device, such as /dev/serial/by-id/…" };
    readonly Option<bool> passive = new("--passive") { Description = "Only listen; never send a byte." };
    readonly Option<bool> json = new("--json") { Description = "One JSON object instead of text." };
    readonly Option<int[]> bauds = new("--baud") { Description = "Try these speeds instead of the common ones.", AllowMultipleArgumentsPerToken = true };
    readonly Option<string> addresses = new("--addresses") { Description = "Modbus addresses to ask.", DefaultValueFactory = _ => "1-247" };
    readonly Option<string?> expect = new("--expect") { Description = "Addresses that should answer, such as 1-3; else those that the configuration has on this port." };
    readonly Option<double> listen = new("--listen") { Description = "Seconds to listen before anything is asked.", DefaultValueFactory = _ => ListenSecondsDefault };

    public Command Create(Option<string?> config)
    {
        addresses.Validators.Add(result =>
        {
            if (AddressRange.TryParse(result.GetValueOrDefault<string>()) is null)
                result.AddError("--addresses takes a range within 1-247, such as 1-32, or one address.");
        });
        expect.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && AddressRange.TryParse(text) is null)
                result.AddError("--expect takes a range within 1-247, such as 1-32, or one address.");
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
        var bus = new Command("bus", "Say what is wrong with a Modbus line, with the evidence: listens first, says before it asks, and only ever reads.") { port, passive, json, bauds, addresses, expect, listen };
        bus.SetAction(async (parsed, stop) =>
        {
            try
            {
                return await RunAsync(parsed, parsed.GetValue(config), stop);
            }
            catch (IOException e)
            {
                await errors.WriteLineAsync(e.Message);
                return ExitCode.Fault;
            }
        });
        return new Command("doctor", "Say what is wrong, and what to do about it.") { bus };
    }

    async Task<int> RunAsync(ParseResult parsed, string? config, CancellationToken stop)
    {
        var path = parsed.GetValue(port)!;
        var (configured, expected) = Configured(path, config);
        if (AddressRange.TryParse(parsed.GetValue(expect)) is { } named)
            expected = named.ToHashSet();
        int[] speeds = parsed.GetValue(bauds) ?? [];
        IEnumerable<LineSettings> sweep = LineSettings.Sweep(speeds.Length > 0 ? speeds : LineSettings.ModbusBauds);
        if (configured is { } first && speeds.Length == 0)
            sweep = sweep.Prepend(first).Distinct();
        byte[] asked = [.. AddressRange.TryParse(parsed.GetValue(addresses))!.Union(expected).Order()];
        var length = TimeSpan.FromSeconds(parsed.GetValue(listen));
        var isPassive = parsed.GetValue(passive);
        var seen = await new BusExamination(LineOpeners.Box(time, "").Line, [.. sweep], configured, expected, asked, length, isPassive, errors.WriteLine, time).RunAsync(path, stop);
        var report = new BusReport(path, seen.Settings, isPassive, BusDiagnosis.Of(seen), seen.Slaves);
        await output.WriteAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(report, FindingJson.Default.BusReport) + "\n" : report.Text());
        return report.Complaints.Count == 0 ? ExitCode.Ok : ExitCode.Fault;
    }

    // How the configuration sets this port, and which addresses it has there; nothing where there is no configuration, or a wrong one.
    (LineSettings? Settings, HashSet<byte> Addresses) Configured(string path, string? config)
    {
        if (ConfigurationFile.Edge.Find(config, environment) is null)
            return (null, []);
        var document = ConfigurationFile.Edge.Load(config, environment);
        var options = EdgeOptions.Read(document, environment);
        if (document.Errors.Count > 0)
        {
            errors.WriteLine($"{document.Source} has errors, so what it says of this port is left out: see edgehub check.");
            return (null, []);
        }

        var here = options.Sensors.Sensors.Where(sensor => sensor.Settings is ModbusSettings && sensor.Port is SerialPortUri serial && Device(serial.Path) == Device(path)).ToList();
        LineSettings? settings = here.Select(sensor => (SerialPortUri)sensor.Port).FirstOrDefault() is { } uri ? new LineSettings(uri.Baud, uri.Parity) : null;
        return (settings, [.. here.Select(sensor => (byte)((ModbusSettings)sensor.Settings).Address)]);
    }

    static string Device(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
