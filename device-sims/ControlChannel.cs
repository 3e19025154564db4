using System.Globalization;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims;

/// <summary>
/// Commands to a running rig, one a line, each answered with one line of JSON. A line that is no command is
/// refused with a sentence and changes nothing.
/// <code>
/// fault SENSOR|all NAME on|off|SHARE [AMOUNT [QUANTITY]]
/// value SENSOR QUANTITY NUMBER
/// unplug PORT          replug PORT
/// cut END              mend END
/// pause                resume               counts
/// </code>
/// </summary>
public sealed class ControlChannel(Rig rig, TextWriter answers)
{
    /// <summary>All commands in a line.</summary>
    public const string Help = "fault SENSOR|all NAME on|off|SHARE [AMOUNT [QUANTITY]], value SENSOR QUANTITY NUMBER, unplug PORT, replug PORT, cut END, mend END, pause, resume, counts";
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
            case [("cut" or "mend") and var what, var end]:
                error = rig.Cut(end, what == "cut");
                break;
            case ["fault", var sensor, var name, var share, .. { Length: <= 2 } more]:
                error = SetFault(sensor, name, share, more);
                break;
            case ["value", var sensor, var quantity, var number]:
                error = double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                    ? rig.SetValue(sensor, quantity, value)
                    : $"'{number}' is no number.";
                break;
            default:
                error = $"This is no command; there are: {Help}.";
                break;
        }

        return RigReport.Answer(command, error);
    }

    private string? SetFault(string sensor, string name, string share, string[] more)
    {
        if (!FaultRate.TryKind(name, out var kind, out var error) || !FaultRate.TryRate(share, out var rate, out error))
        {
            return error;
        }

        double? amount = null;
        if (more.Length > 0)
        {
            if (!double.TryParse(more[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var given) || !double.IsFinite(given))
            {
                return $"'{more[0]}' is no amount: give seconds for slow and hangup, units for spike and drift.";
            }

            amount = given;
        }

        return rig.SetFault(sensor == "all" ? null : sensor, kind, new FaultSetting(rate, amount, more.ElementAtOrDefault(1)));
    }
}
