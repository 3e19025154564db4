using System.Diagnostics;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>Runs one system command to its end.</summary>
static class Shell
{
    static readonly TimeSpan CommandMax = TimeSpan.FromSeconds(30);

    /// <exception cref="IOException">The command is missing, failed or hung.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = Try(program, arguments);
        return code == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    public static (int Code, string Output) Try(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(CommandMax))
                throw new IOException($"{program} {string.Join(' ', arguments)} hangs.");
            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{program} cannot be run: {e.Message}", e);
        }
    }
}
