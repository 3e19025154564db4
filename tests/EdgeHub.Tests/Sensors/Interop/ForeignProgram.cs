using System.Diagnostics;

namespace EdgeHub.Tests.Sensors.Interop;

/// <summary>A program that others wrote, started for a test and ended by its process id.</summary>
sealed class ForeignProgram : IDisposable
{
    readonly Process process;

    ForeignProgram(Process process) => this.process = process;

    /// <summary>Starts a program that says <c>ready</c> once it can be talked to.</summary>
    public static async Task<ForeignProgram> StartAsync(string file, params string[] arguments)
    {
        var program = new ForeignProgram(Launch(file, arguments));
        try
        {
            Assert.Equal("ready", await program.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Starts one that says nothing.</summary>
    public static ForeignProgram StartSilent(string file, params string[] arguments) => new(Launch(file, arguments));

    /// <summary>Runs a program to its end: its exit code and all that it said.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(string file, params string[] arguments)
    {
        using var program = new ForeignProgram(Launch(file, arguments));
        var said = program.process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complained = program.process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (program.process.ExitCode, await said + await complained);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    static Process Launch(string file, string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
