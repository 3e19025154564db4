using System.CommandLine;
using System.Globalization;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary><c>edgehub-sims demo</c>: the whole product on this machine, judged. Exit 0 only when nothing was lost, doubled, altered or left waiting.</summary>
static class DemoVerb
{
    const int SecondsMax = 7 * 24 * 3600;

    public static Command Create(TextWriter output, TimeProvider time)
    {
        var seconds = new Option<int?>("--seconds") { Description = "Stop sensing after so many seconds; without it, at Ctrl-C." };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > SecondsMax)
                result.AddError($"--seconds takes a whole number from 1 to {SecondsMax}.");
        });
        var chaos = new Option<bool>("--chaos") { Description = "Cut the broker, kill the edge and the bridge, and re-plug a line during the run (60 s unless --seconds says otherwise)." };
        var kills = new Option<int>("--kills") { Description = "Kill the edge so many times, spread over the run." };
        var seed = new Option<ulong>("--seed") { Description = "Equal seeds give equal values.", DefaultValueFactory = _ => 1 };
        var broker = new Option<string?>("--broker") { Description = "Use this broker, HOST:PORT, instead of the bridge's own." };
        var postgres = new Option<string?>("--postgres") { Description = "Store in this PostgreSQL database (an Npgsql connection string) instead of SQLite." };
        var directory = new Option<string?>("--dir") { Description = "Keep configs, logs, ledger and database here; without it they lie in a temporary folder that goes after a good run." };
        broker.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && ParseBroker(text) is null)
                result.AddError("--broker takes HOST:PORT, for example 127.0.0.1:1883.");
        });
        var verb = new Command("demo", "Starts simulators, bridge and edge, shows live values, drains and prints the books as one JSON line.") { seconds, chaos, kills, seed, broker, postgres, directory };
        verb.SetAction(async (parsed, stoppingToken) =>
        {
            var length = parsed.GetValue(seconds) is { } given ? TimeSpan.FromSeconds(given) : parsed.GetValue(chaos) || parsed.GetValue(kills) > 0 ? TimeSpan.FromSeconds(60) : (TimeSpan?)null;
            var kept = parsed.GetValue(directory);
            var place = kept is null ? Directory.CreateTempSubdirectory("edgehub-demo-").FullName : Path.GetFullPath(kept);
            var options = new DemoOptions(length, parsed.GetValue(chaos), parsed.GetValue(kills), parsed.GetValue(seed), parsed.GetValue(broker) is { } text ? ParseBroker(text) : null, parsed.GetValue(postgres), place);
            await output.WriteLineAsync($"EdgeHub demo in {place}");
            Verdict verdict;
            await using (var run = new DemoRun(options, time))
            {
                verdict = await run.RunAsync(stoppingToken);
                await output.WriteLineAsync(run.Books);
            }

            if (kept is null && verdict.IsGood)
                Directory.Delete(place, recursive: true);
            await output.WriteLineAsync(verdict.ToJson());
            return verdict.IsGood ? 0 : 1;
        });
        return verb;
    }

    static (string Host, int Port)? ParseBroker(string text) =>
        text.LastIndexOf(':') is > 0 and var colon && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (text[..colon], port)
            : null;
}
