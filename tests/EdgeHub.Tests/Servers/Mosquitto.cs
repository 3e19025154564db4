using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace EdgeHub.Tests.Servers;

/// <summary>
/// A real mosquitto on 127.0.0.1 and a free port, its files in a directory of its own; ended by its process id.
/// It can be killed and started again on the same port with the same files.
/// </summary>
sealed class Mosquitto : IAsyncDisposable
{
    const string Program = "/usr/sbin/mosquitto";
    const int StartsMax = 5;
    const int HashRounds = 101; // mosquitto_passwd's default

    static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(5);

    readonly StringBuilder log = new();
    readonly string[] lines;
    Process? process;

    Mosquitto(Func<string, string[]> configure)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("edgehub-mosquitto-").FullName;
        lines = configure(Directory);
    }

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; private set; }

    public string Directory { get; }

    public int ProcessId => process?.Id ?? throw new InvalidOperationException("mosquitto is not running.");

    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    /// <summary>Skips the running test where mosquitto is not installed.</summary>
    public static void SkipUnlessInstalled() =>
        Assert.SkipUnless(IsInstalled, "This test needs a broker: install the Debian package mosquitto.");

    /// <summary>Starts a broker that lets anybody in, with more lines of mosquitto.conf after that.</summary>
    public static Task<Mosquitto> StartOpenAsync(CancellationToken stop, params string[] more) =>
        StartAsync(_ => ["allow_anonymous true", .. more], stop);

    /// <summary>
    /// Starts a broker with the lines of mosquitto.conf that <paramref name="configure"/> gives for the broker's directory; they
    /// stand behind its one listener.
    /// </summary>
    public static async Task<Mosquitto> StartAsync(Func<string, string[]> configure, CancellationToken stop)
    {
        SkipUnlessInstalled();
        var broker = new Mosquitto(configure);
        try
        {
            for (var i = 1; ; i++)
            {
                broker.Port = FreePort();
                if (await broker.TryRunAsync(stop))
                    return broker;
                // Another process may have taken the port in between.
                if (i == StartsMax)
                    throw new InvalidOperationException($"mosquitto does not start:\n{broker.Log}");
            }
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lines that let these users in, and nobody else. The file is written to <paramref name="directory"/>.</summary>
    public static string[] Users(string directory, params (string User, string Password)[] users)
    {
        var file = Path.Combine(directory, "users");
        File.WriteAllLines(file, users.Select(entry => $"{entry.User}:{Hash(entry.Password)}"));
        return ["allow_anonymous false", $"password_file {file}"];
    }

    /// <summary>Ends the broker as a power cut would: nothing is said to its clients and nothing is saved.</summary>
    public async Task KillAsync()
    {
        if (process is not { HasExited: false } running)
            return;
        running.Kill();
        await running.WaitForExitAsync().WaitAsync(StopTimeMax);
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync(CancellationToken stop)
    {
        await KillAsync();
        if (!await TryRunAsync(stop))
            throw new InvalidOperationException($"mosquitto does not start again:\n{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>A port that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task<bool> TryRunAsync(CancellationToken stop)
    {
        var file = Path.Combine(Directory, "mosquitto.conf");
        // Started by root it would become another user, who may not read the files of a test.
        string[] head = ["user root", "per_listener_settings false", "log_type all", $"listener {Port} 127.0.0.1"];
        await File.WriteAllLinesAsync(file, [.. head, .. lines], stop);
        var started = new Process { StartInfo = new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true } };
        started.ErrorDataReceived += (_, line) => Note(line.Data);
        started.OutputDataReceived += (_, line) => Note(line.Data);
        started.Start();
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        process?.Dispose();
        process = started;
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < StartTimeMax && !started.HasExited)
        {
            if (await IsListeningAsync(stop))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
        }

        await KillAsync();
        return false;
    }

    async Task<bool> IsListeningAsync(CancellationToken stop)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    void Note(string? line)
    {
        lock (log)
            log.AppendLine(line);
    }

    // The format of mosquitto_passwd 2: $7$rounds$salt$hash, PBKDF2 with SHA-512.
    static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, HashRounds, HashAlgorithmName.SHA512, 64);
        return $"$7${HashRounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }
}
