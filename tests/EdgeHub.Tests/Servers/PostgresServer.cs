using System.Diagnostics;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.Servers;

/// <summary>
/// A real PostgreSQL on 127.0.0.1 and a free port, its data in a directory of its own; ended by its process id. Under root it
/// runs as an unprivileged account, since it refuses root. One server serves many tests, each with a database of its own.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    const string Versions = "/usr/lib/postgresql";
    static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(20);

    readonly SemaphoreSlim starting = new(1, 1);
    readonly string[] settings;
    string? directory;
    Process? server;
    int databases;

    /// <summary>The assembly's shared server; it starts when a test first asks for a database.</summary>
    public PostgresServer() : this([])
    {
    }

    PostgresServer(string[] settings) => this.settings = settings;

    public static string? Binaries => Directory.Exists(Versions)
        ? Directory.GetDirectories(Versions).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    public int Port { get; private set; }

    /// <summary>A server of a test's own, with lines of postgresql.conf such as <c>fsync=off</c>.</summary>
    public static PostgresServer With(params string[] settings) => new(settings);

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        Assert.SkipUnless(Binaries is not null, "This test needs PostgreSQL: install the Debian package postgresql.");
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (server is null)
                await StartAsync(cancellationToken);
            var name = $"city{++databases}";
            await using var source = NpgsqlDataSource.Create(Connection("postgres"));
            await using var command = source.CreateCommand($"CREATE DATABASE {name}");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return Connection(name);
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (server is { HasExited: false })
        {
            // SIGINT is PostgreSQL's fast shutdown; the server's own process, not the shell around it.
            using var stop = await RunAsync("kill", ["-INT", ServerProcess()], CancellationToken.None);
            using var limit = new CancellationTokenSource(StopTimeMax, TimeProvider.System);
            try
            {
                await server.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                server.Kill(entireProcessTree: true);
            }
        }

        server?.Dispose();
        starting.Dispose();
        if (directory is not null)
            Directory.Delete(directory, recursive: true);
    }

    string Connection(string database) => $"Host=127.0.0.1;Port={Port};Username=city;Database={database};Include Error Detail=true;Timeout=30";

    string Data => Path.Combine(directory!, "data");

    string ServerProcess() => File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();

    async Task StartAsync(CancellationToken cancellationToken)
    {
        directory = Directory.CreateTempSubdirectory("edgehub-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            using (await RunAsync("chown", [Account, directory], cancellationToken))
            {
            }

        using (await RunAsync(null, [Path.Combine(Binaries!, "initdb"), "--pgdata", Data, "--username", "city", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"], cancellationToken))
        {
        }

        Port = Mosquitto.FreePort();
        var options = settings.Concat(["listen_addresses=127.0.0.1", $"unix_socket_directories={directory}", "max_connections=50"]).SelectMany(setting => new[] { "-c", setting });
        server = Start(null, [Path.Combine(Binaries!, "postgres"), "-D", Data, "-p", $"{Port}", .. options]);
        await UntilAnsweringAsync(cancellationToken);
    }

    async Task UntilAnsweringAsync(CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var source = NpgsqlDataSource.Create(Connection("postgres"));
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(begun) < StartTimeMax && server is { HasExited: false })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Whom the server runs as when this process is root.</summary>
    public static string Account => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    static async Task<Process> RunAsync(string? program, string[] arguments, CancellationToken cancellationToken)
    {
        var process = Start(program, arguments);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program ?? arguments[0]} ended with {process.ExitCode}.");
        return process;
    }

    // Without a program the arguments run as the unprivileged account, when this process is root.
    static Process Start(string? program, string[] arguments)
    {
        var privileged = program is null && Environment.IsPrivilegedProcess;
        string[] all = program is not null ? [program, .. arguments] : privileged ? ["setpriv", "--reuid", Account, "--regid", Account, "--clear-groups", .. arguments] : arguments;
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
