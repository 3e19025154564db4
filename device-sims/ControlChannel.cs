using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims;

/// <summary>
/// Commands to a running rig, one a line, each answered with one line of JSON. A line that is no command is
/// refused with a sentence and changes nothing.
/// <code>
/// fault SENSOR|all garbage|crc|split|silence|hangup on|off|SHARE
/// unplug PORT          replug PORT
/// pause                resume               counts
/// </code>
/// </summary>
public sealed class ControlChannel(Rig rig, TextWriter answers)
{
    private const string Help = "fault SENSOR|all NAME on|off|SHARE, unplug PORT, replug PORT, pause, resume, counts";
    private const int CommandCharactersMax = 256;

    /// <summary>Obeys what comes until the channel closes or the rig is stopped.</summary>
    public async Task RunAsync(TextReader commands, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(commands);
        while (await commands.ReadLineAsync(stoppingToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                await answers.WriteLineAsync(await ObeyAsync(line.Trim(), stoppingToken));
                await answers.FlushAsync(stoppingToken);
            }
        }
    }

    /// <summary>Obeys one command and returns the answer.</summary>
    public async Task<string> ObeyAsync(string command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Length > CommandCharactersMax)
        {
            return RigReport.Answer(command[..CommandCharactersMax], $"A command has at most {CommandCharactersMax} characters.");
        }

        string? error = null;
        switch (command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["counts"]:
                return RigReport.Counts(rig);
            case ["pause"]:
                await rig.PauseAsync(cancellationToken);
                break;
            case ["resume"]:
                rig.Resume();
                break;
            case ["unplug", var port]:
                error = rig.Unplug(port);
                break;
            case ["replug", var port]:
                error = rig.Replug(port);
                break;
            case ["fault", var sensor, var name, var share]:
                error = SetFault(sensor, name, share);
                break;
            default:
                error = $"This is no command; there are: {Help}.";
                break;
        }

        return RigReport.Answer(command, error);
    }

    private string? SetFault(string sensor, string name, string share)
    {
        if (!FaultRate.TryKind(name, out var kind, out var error) || !FaultRate.TryRate(share, out var rate, out error))
        {
            return error;
        }

        return rig.SetFault(sensor == "all" ? null : sensor, kind, rate);
    }
}
