using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeHub.Tests.Hosting;

/// <summary>The built daemon as a real process in a scratch directory of its own, killed when the test ends.</summary>
sealed partial class EdgeProcess : IDisposable
{
    const int Terminate = 15;

    readonly Process process;
    readonly Task<string> output;
    readonly Task<string> errors;

    EdgeProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public static EdgeProcess Start(string directory, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "edgehub"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("EDGEHUB", StringComparison.Ordinal) || name is "RUNTIME_DIRECTORY" or "STATE_DIRECTORY" or "NOTIFY_SOCKET").ToArray())
            start.Environment.Remove(name);
        start.Environment["STATE_DIRECTORY"] = directory;
        start.Environment["EDGEHUB__HTTP__LISTEN"] = "127.0.0.1:0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new EdgeProcess(Process.Start(start)!);
    }

    /// <summary>Asks it to stop, as the service manager does.</summary>
    public void Stop() => Assert.Equal(0, Kill(process.Id, Terminate));

    public async Task<(int Code, string Output, string Errors)> ExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
