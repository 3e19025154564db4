using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>One process of the demo that can be started again after a kill; what it prints goes to a log file of its own.</summary>
sealed partial class Child(ProcessNursery nursery, string name, string program, IReadOnlyList<string> arguments, string logFile, IReadOnlyDictionary<string, string>? environment = null) : IAsyncDisposable
{
    const int SignalKill = 9;
    const int SignalTerminate = 15;
    const int SignalContinue = 18;
    const int SignalStop = 19;

    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    Process? process;
    Task pumps = Task.CompletedTask;

    public bool IsRunning => process is { HasExited: false };

    public async Task StartAsync()
    {
        process = await nursery.StartAsync(program, arguments, environment ?? new Dictionary<string, string>());
        process.StandardInput.Close();
        var log = new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        pumps = PumpAsync(process, log);
    }

    /// <summary>The process stands still, its connections stay open and the kernel still takes what is sent to it.</summary>
    public void Freeze() => Signal(process ?? throw new InvalidOperationException($"{name} does not run."), SignalStop);

    public void Thaw() => Signal(process ?? throw new InvalidOperationException($"{name} does not run."), SignalContinue);

    /// <summary>No warning, no clean-up: what a power cut is to a process.</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        Signal(process, SignalKill);
        await process.WaitForExitAsync();
        await pumps;
    }

    /// <summary>SIGTERM, and the exit code; a process that does not stop in time is killed and that is an error.</summary>
    public async Task<int> StopAsync(TimeProvider time)
    {
        if (process is null)
            return 0;
        Signal(process, SignalTerminate);
        using var limit = new CancellationTokenSource(StopMax, time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException($"{name} did not stop within {StopMax.TotalSeconds:F0} s of SIGTERM; its log is {logFile}.");
        }

        await pumps;
        return process.ExitCode;
    }

    public string LastLines(int count) =>
        File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).TakeLast(count)) : "";

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await KillAsync();
        process?.Dispose();
    }

    static void Signal(Process process, int signal)
    {
        if (!process.HasExited)
            _ = SendSignal(process.Id, signal);
    }

    static async Task PumpAsync(Process process, FileStream log)
    {
        await using (log)
        using (var gate = new SemaphoreSlim(1))
            await Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream, log, gate), CopyAsync(process.StandardError.BaseStream, log, gate));
    }

    static async Task CopyAsync(Stream from, FileStream log, SemaphoreSlim gate)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            await gate.WaitAsync();
            await log.WriteAsync(buffer.AsMemory(0, count));
            await log.FlushAsync();
            gate.Release();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
