using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Status;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Outputs;

/// <summary>
/// Switches relays and sirens for a person. What always holds here: who asked is in the log, also where it was refused; an output is
/// out of its safe state no longer than its longest time; a command that nobody took in time is told as such.
/// </summary>
sealed partial class OutputDesk(Sampler sampler, TimeProvider time, ILogger<OutputDesk> logger)
{
    /// <summary>The loop of a chip takes a command at once; a chip that hangs does not.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<OutputAnswer> SwitchAsync(string name, bool on, TimeSpan? length, LocalPeer? who)
    {
        try
        {
            var answer = await SwitchAsync(name, on, length);
            LogSwitched(logger, answer.Sentence, Asker(who));
            return answer;
        }
        catch (LocalRefusalException e)
        {
            LogRefused(logger, name, Word(on), Asker(who), e.Message);
            throw;
        }
    }

    async Task<OutputAnswer> SwitchAsync(string name, bool on, TimeSpan? length)
    {
        SensorState[] outputs = [.. sampler.Sensors.Where(sensor => sensor.Options.Settings is OutputSettings)];
        if (outputs.FirstOrDefault(sensor => sensor.Options.Id == name) is not { } output)
            throw new LocalRefusalException(Unknown(name, [.. outputs.Select(sensor => sensor.Options.Id)]), isMisnamed: true);
        var safe = ((OutputSettings)output.Options.Settings).Safe;
        if (length is not null && on == safe)
            throw new LocalRefusalException($"{name} is {Word(safe)} in its safe state and stays so: leave --for out.", isMisnamed: true);
        var command = new OutputCommand(on, length);
        if (!sampler.TrySwitch(name, command))
            throw new LocalRefusalException($"{name} cannot be switched just now: {output.Snapshot().Sentence}", isMisnamed: false);
        try
        {
            var lasts = await command.Done.WaitAsync(Patience, time);
            var back = lasts is null ? "" : $" and goes back to {Word(safe)} after {Units.Format(lasts.Value)}{(length > lasts || length is null ? ", its longest time" : "")}";
            return new OutputAnswer(name, on, lasts?.TotalSeconds, $"{name} is {Word(on)}{back}.");
        }
        catch (TimeoutException)
        {
            throw new LocalRefusalException($"{name} was told and did not obey within {Patience.TotalSeconds} s: {output.Snapshot().Sentence} Look at edgehub status.", isMisnamed: false);
        }
    }

    string Unknown(string name, string[] outputs)
    {
        if (sampler.Sensors.FirstOrDefault(sensor => sensor.Options.Id == name) is { } other)
            return $"{name} is a {other.Options.Driver.Word} and cannot be switched.{Known(outputs)}";
        return Units.Nearest(name, outputs) is { } near ? $"There is no output {name}: did you mean {near}?" : $"There is no output {name}.{Known(outputs)}";
    }

    static string Known(string[] outputs) => outputs.Length == 0 ? " No outputs are configured (driver gpio-output)." : $" Outputs here: {string.Join(", ", outputs)}.";

    static string Word(bool on) => on ? "on" : "off";

    static string Asker(LocalPeer? who) => who?.ToString() ?? "somebody unknown";

    [LoggerMessage(132, LogLevel.Information, "Output {Sentence} Asked by {Who}.")]
    private static partial void LogSwitched(ILogger logger, string sentence, string who);

    [LoggerMessage(133, LogLevel.Warning, "Output {Output} was not switched {State} as {Who} asked: {Reason}")]
    private static partial void LogRefused(ILogger logger, string output, string state, string who, string reason);
}
