using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace EdgeHub.Benchmarks;

/// <summary>A program of this machine or of this repository as a process of ours, ended by its id.</summary>
sealed class Loopback : IDisposable
{
    const int LogCharsMax = 8000;

    readonly Process process;
    readonly StringBuilder log = new();

    Loopback(string program, IEnumerable<string> arguments)
    {
        process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" } };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>CPU time, user and kernel, since it started.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public static Loopback Start(string program, params IEnumerable<string> arguments) => new(program, arguments);

    /// <summary>One of our daemons, as the build left it.</summary>
    /// <param name="name">edgehub or edgehub-bridge.</param>
    public static Loopback StartDaemon(string name, string configuration)
    {
        var folder = typeof(Loopback).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == name).Value!;
        return Start(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, folder, name)), "run", "--config", configuration);
    }

    /// <summary>A port that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until the condition holds; throws with the program's last words when it ends or takes too long.</summary>
    public async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (HasExited || TimeProvider.System.GetElapsedTime(started) > limit)
                throw new InvalidOperationException($"Waited for {what} in vain: {Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
        }
    }

    /// <summary>Resident memory in MB: of the process's own (heaps, stacks), and all of it (program files too).</summary>
    public (double Anonymous, double All) Resident()
    {
        double Field(string name) => File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, ..]
            ? double.Parse(kibibytes, System.Globalization.CultureInfo.InvariantCulture) * 1024 / 1e6
            : throw new IOException($"/proc/{Id}/status has no {name}.");
        return (Field("RssAnon:"), Field("VmRSS:"));
    }

    public async Task<int> WaitAsync(CancellationToken stop)
    {
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    void Note(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
            if (log.Length > LogCharsMax)
                log.Remove(0, log.Length - LogCharsMax);
        }
    }
}
