using System.CommandLine;
using System.CommandLine.Invocation;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary>The command line of <c>edgehub-sims</c>. Exit codes: 0 done, 1 failed, 2 wrong arguments.</summary>
public static class SimsCommand
{
    private const int Failed = 1;
    private const int WrongArguments = 2;

    /// <summary>How long a stopped verb may take to say its last line.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(150);

    /// <summary>Runs the verb that <paramref name="args"/> name; Ctrl-C and SIGTERM stop it.</summary>
    public static async Task<int> InvokeAsync(
        string[] args, TextReader input, TextWriter output, TextWriter errors, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var root = new RootCommand("Plays community sensors on pseudo terminals: their frames, their faults, and a ledger of every value sent.")
        {
            RunVerb.Create(input, output, errors, time),
            ListVerb.Create(output, time),
            ReplayVerb.Create(output, time),
            DemoVerb.Create(output, time),
            DrillVerb.Create(output, time),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await errors.WriteLineAsync(error.Message);
            }

            await errors.WriteLineAsync("Try: edgehub-sims --help");
            return WrongArguments;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = StopTimeout,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await errors.WriteLineAsync(failure.Message);
            return Failed;
        }
    }
}
