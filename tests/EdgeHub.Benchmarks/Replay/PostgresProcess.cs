using Npgsql;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>A PostgreSQL of our own with its default settings, on loopback; under root it runs as an unprivileged account, since it refuses root.</summary>
sealed class PostgresProcess : IAsyncDisposable
{
    const string Versions = "/usr/lib/postgresql";
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    readonly string directory = Directory.CreateTempSubdirectory("edgehub-bench-postgres-").FullName;
    readonly int port = Loopback.FreePort();
    Loopback? server;
    int databases;

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? WhyNot => Binaries is null ? "PostgreSQL is not installed: apt-get install postgresql" : null;

    static string? Binaries => Directory.Exists(Versions)
        ? Directory.GetDirectories(Versions).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    public async Task StartAsync(CancellationToken stop)
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync(Loopback.Start("chown", Account, directory), stop);
        await RunAsync(Unprivileged(Path.Combine(Binaries!, "initdb"), "--pgdata", Data, "--username", "city", "--auth", "trust", "--encoding", "UTF8", "--no-locale"), stop);
        server = Unprivileged(Path.Combine(Binaries!, "postgres"), "-D", Data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={directory}");
        await server.UntilAsync("PostgreSQL to answer", StartMax, async () =>
        {
            try
            {
                await using var source = NpgsqlDataSource.Create(Connection("postgres"));
                await using var connection = await source.OpenConnectionAsync(stop);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, stop);
    }

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken stop)
    {
        var name = $"city{++databases}";
        await using var source = NpgsqlDataSource.Create(Connection("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(stop);
        return Connection(name);
    }

    /// <summary>CPU time of the server and its backends so far, those that have ended included.</summary>
    public TimeSpan Cpu()
    {
        var root = ServerId();
        var ticks = 0L;
        foreach (var stat in Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "stat")))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(Path.GetDirectoryName(stat)!)[0]) || ReadStat(stat) is not { } text)
                continue;
            // proc(5): behind the name in brackets stand state, parent, …; 12 and 13 are user and kernel time, 14 and 15 those of children that were waited for.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[1] == root)
                ticks += Ticks(fields[11]) + Ticks(fields[12]);
            else if (text.StartsWith($"{root} (", StringComparison.Ordinal))
                ticks += Ticks(fields[11]) + Ticks(fields[12]) + Ticks(fields[13]) + Ticks(fields[14]);
        }

        return TimeSpan.FromMilliseconds(ticks * 10);
    }

    static long Ticks(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    // A process may end between the listing and the look.
    static string? ReadStat(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (server is { HasExited: false } && ServerId() is { } id)
        {
            // SIGINT is PostgreSQL's fast shutdown; to the server itself, not to a shell around it.
            await RunAsync(Loopback.Start("kill", "-INT", id), CancellationToken.None);
            using var limit = new CancellationTokenSource(StopMax, TimeProvider.System);
            await server.WaitAsync(limit.Token);
        }

        server?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    string Data => Path.Combine(directory, "data");

    string? ServerId() => Path.Combine(Data, "postmaster.pid") is var file && File.Exists(file) ? File.ReadLines(file).First() : null;

    static string Account => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    string Connection(string database) => $"Host=127.0.0.1;Port={port};Username=city;Database={database};Timeout=30;Command Timeout=300";

    static Loopback Unprivileged(params string[] command) => Environment.IsPrivilegedProcess
        ? Loopback.Start("setpriv", ["--reuid", Account, "--regid", Account, "--clear-groups", .. command])
        : Loopback.Start(command[0], command[1..]);

    static async Task RunAsync(Loopback program, CancellationToken stop)
    {
        using (program)
            if (await program.WaitAsync(stop) != 0)
                throw new InvalidOperationException($"PostgreSQL cannot be set up: {program.Log}");
    }
}
