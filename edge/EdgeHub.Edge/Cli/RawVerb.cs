using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Finding;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub raw</c>: the bytes of the last minutes, and those around each fault, from the running daemon. Exit code: 0 shown, 1 no daemon or no answer, 2 no such sensor or port.</summary>
sealed class RawVerb(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    public Command Create(Option<string?> config)
    {
        var name = new Argument<string?>("NAME") { Description = "A sensor's id or a port; without it, each port with its newest bytes and its faults.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One JSON array instead of text." };
        var verb = new Command("raw", "Show the raw bytes of the last minutes, and those that were kept around each fault.") { name, json };
        verb.SetAction((parsed, stop) => RunAsync(EdgeSocket.Find(parsed.GetValue(config), environment), parsed.GetValue(name), parsed.GetValue(json), stop));
        return verb;
    }

    async Task<int> RunAsync(string socket, string? name, bool json, CancellationToken stop)
    {
        try
        {
            var page = name is null ? LookPages.Raw : $"{LookPages.Raw}?{LookPages.RawOf}={Uri.EscapeDataString(name)}";
            if (await LocalClient.AskAsync(socket, HttpMethod.Get, page, stop) is not { } answer)
            {
                await errors.WriteLineAsync($"{LocalClient.NotRunning(socket)} The raw bytes are the daemon's; without it edgehub sniff listens to a port.");
                return ExitCode.Fault;
            }

            await output.WriteAsync(json ? Encoding.UTF8.GetString(answer) + "\n" : RawText.Of(JsonSerializer.Deserialize(answer, FindingJson.Default.RawLookArray) ?? [], time.GetLocalNow()));
            return ExitCode.Ok;
        }
        catch (LocalRefusalException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.BadConfiguration;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }
}
