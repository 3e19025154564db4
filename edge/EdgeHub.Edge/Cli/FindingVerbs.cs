using System.CommandLine;
using System.Text.Json;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub drivers</c> and <c>edgehub test</c>: what can be read, and whether it is.</summary>
sealed class FindingVerbs(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    const double PatienceSecondsDefault = 10;

    public Command Drivers()
    {
        var json = new Option<bool>("--json") { Description = "One JSON array instead of text." };
        var verb = new Command("drivers", "Name every driver with the instruments it is for, its keys, quantities and units.") { json };
        verb.SetAction(async (parsed, _) =>
        {
            DriverReport[] all = [.. DriverCatalog.All.Select(DriverReport.Of)];
            await output.WriteAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(all, FindingJson.Default.DriverReportArray) + "\n" : string.Join("\n", all.Select(LookText.Of)));
            return ExitCode.Ok;
        });
        return verb;
    }

    public Command Test(Option<string?> config)
    {
        var once = new Option<bool>("--once") { Description = "Read each sensor once and end; the only way there is.", Required = true };
        var patience = new Option<double>("--timeout") { Description = "Seconds to wait for those that do not answer.", HelpName = "SECONDS", DefaultValueFactory = _ => PatienceSecondsDefault };
        var json = new Option<bool>("--json") { Description = "One JSON array instead of text." };
        patience.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
                result.AddError("--timeout takes seconds, more than 0 and at most 3600.");
        });
        var verb = new Command("test", "Read every configured sensor: raw bytes, values, units, quality, age. Where the daemon holds the ports it is asked. Exit code: 0 all answered, 1 not all.") { once, patience, json };
        verb.SetAction(async (parsed, stop) =>
        {
            try
            {
                return await TestAsync(parsed.GetValue(config), TimeSpan.FromSeconds(parsed.GetValue(patience)), parsed.GetValue(json), stop);
            }
            catch (IOException e)
            {
                await errors.WriteLineAsync(e.Message);
                return ExitCode.Fault;
            }
        });
        return verb;
    }

    async Task<int> TestAsync(string? config, TimeSpan patience, bool json, CancellationToken stop)
    {
        var looks = await DaemonLook.AskAsync(EdgeSocket.Find(config, environment), stop);
        if (looks is not null)
        {
            await errors.WriteLineAsync("edgehub runs and holds the ports: this is what it read last.");
        }
        else
        {
            var document = ConfigurationFile.Edge.Load(config, environment);
            var options = EdgeOptions.Read(document, environment);
            if (document.Errors.Count > 0)
            {
                SettingsText.WriteErrors(errors, document);
                return ExitCode.BadConfiguration;
            }

            looks = await OnceReading.ReadAsync(options.Sensors, LineOpeners.Box(time, options.DataDirectory), KernelClock.Open(time), patience, time, stop);
        }

        if (looks.Length == 0)
            await errors.WriteLineAsync("No sensors are configured, so there is nothing to read.");
        await output.WriteAsync(json ? JsonSerializer.Serialize(looks, FindingJson.Default.SensorLookArray) + "\n" : LookText.Of(looks));
        var silent = looks.Count(sensor => !sensor.Answered && sensor.Driver != "gpio-output");
        await errors.WriteLineAsync($"{looks.Length - silent} of {looks.Length} sensors answered.");
        return silent == 0 ? ExitCode.Ok : ExitCode.Fault;
    }
}
