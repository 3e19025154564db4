using System.CommandLine;
using EdgeHub.DeviceSims.Pty;
using EdgeHub.DeviceSims.Replays;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary><c>edgehub-sims replay FILE --port LINK</c>: a line recorded by <c>edgehub sniff --record</c>, on a pseudo terminal.</summary>
internal static class ReplayVerb
{
    private const int BaudMin = 50;

    internal static Command Create(TextWriter output, TimeProvider time)
    {
        var file = new Argument<string>("FILE") { Description = "The .ehtrace file." };
        var link = new Option<string>("--port") { Description = "Where the pseudo terminal appears.", HelpName = "LINK", Required = true };
        var baud = new Option<int>("--baud") { Description = "The pace of its bytes.", DefaultValueFactory = _ => 9600 };
        baud.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < BaudMin)
                result.AddError($"--baud takes at least {BaudMin}.");
        });
        var verb = new Command("replay", "Plays a recorded line again: what was sent unasked in its time, answers when the same is asked.") { file, link, baud };
        verb.SetAction(async (parsed, stoppingToken) =>
        {
            var entries = Replay.Read(parsed.GetValue(file)!);
            using var port = new PtyPort(Path.GetFullPath(parsed.GetValue(link)!), parsed.GetValue(baud), time);
            await output.WriteLineAsync($"{entries.Count} entries on {port.Path}");
            try
            {
                await new Replay(entries, port, time).RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Stopped on purpose.
            }

            return 0;
        });
        return verb;
    }
}
