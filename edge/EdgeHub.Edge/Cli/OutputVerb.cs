using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Outputs;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub output NAME on|off</c>: tells the running daemon. Exit code: 0 switched, 1 not switched, 2 no such output or a wrong command line.</summary>
sealed class OutputVerb(IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter errors)
{
    public Command Create(Option<string?> config)
    {
        var name = new Argument<string>("NAME") { Description = "The id of a sensor with the driver gpio-output." };
        var state = new Argument<string>("STATE") { Description = "on or off." };
        var length = new Option<string?>("--for") { Description = "Then back to its safe state; its longest time holds all the same.", HelpName = "30s" };
        var json = new Option<bool>("--json") { Description = "The answer as a JSON object." };
        state.AcceptOnlyFromAmong("on", "off");
        length.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && (!Units.TryDuration(text, out var time) || time <= TimeSpan.Zero || time > OutputPages.LengthMax))
                result.AddError($"--for takes a length of time such as 30s or 5m, more than 0 and at most {Units.Format(OutputPages.LengthMax)}.");
        });
        var verb = new Command("output", "Switch a relay or siren. The daemon does it, notes who asked, and sees to its safe state.") { name, state, length, json };
        verb.SetAction((parsed, stop) =>
        {
            TimeSpan? time = parsed.GetValue(length) is { } text && Units.TryDuration(text, out var span) ? span : null;
            return RunAsync(EdgeSocket.Find(parsed.GetValue(config), environment), OutputPages.Of(parsed.GetValue(name)!, parsed.GetValue(state) == "on", time), parsed.GetValue(json), stop);
        });
        return verb;
    }

    async Task<int> RunAsync(string socket, string page, bool json, CancellationToken stop)
    {
        try
        {
            if (await LocalClient.AskAsync(socket, HttpMethod.Post, page, stop) is not { } answer)
            {
                await errors.WriteLineAsync($"{LocalClient.NotRunning(socket)} Without it every output is in its safe state.");
                return ExitCode.Fault;
            }

            await output.WriteLineAsync(json ? Encoding.UTF8.GetString(answer) : JsonSerializer.Deserialize(answer, OutputsJson.Default.OutputAnswer)!.Sentence);
            return ExitCode.Ok;
        }
        catch (LocalRefusalException e)
        {
            await errors.WriteLineAsync(e.Message);
            return e.IsMisnamed ? ExitCode.BadConfiguration : ExitCode.Fault;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }
}
