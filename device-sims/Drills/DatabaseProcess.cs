using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>A real PostgreSQL server of the drill's own, which can be killed, copied and put back.</summary>
sealed class DatabaseProcess(ProcessNursery nursery, string directory, int port) : IAsyncDisposable
{
    const string Account = "postgres";

    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(40);

    readonly List<Child> servers = [];

    public string Connection => $"Host=127.0.0.1;Port={port};Username=city;Database=postgres;Timeout=5;Pooling=false";

    /// <summary>Where its files are; on a medium of its own when that was mounted there before.</summary>
    public string Data => Path.Combine(directory, "data");

    string Log => Path.Combine(directory, "postgres.log");

    static string[] AsAccount => Environment.IsPrivilegedProcess ? ["setpriv", "--pdeathsig", "KILL", "--reuid", Account, "--regid", Account, "--clear-groups"] : [];

    public async Task CreateAsync()
    {
        Directory.CreateDirectory(directory);
        if (Environment.IsPrivilegedProcess)
            await Tools.RunAsync("chown", Account, directory);
        string[] initdb = [.. AsAccount, Path.Combine(Tools.PostgresFolder!, "initdb"), "--pgdata", Data, "--username", "city", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--wal-segsize", "1"];
        await Tools.RunAsync(initdb[0], initdb[1..]);
        await StartAsync();
    }

    public async Task StartAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            File.Delete(Path.Combine(Data, "postmaster.pid"));
            string[] command = [.. AsAccount, Path.Combine(Tools.PostgresFolder!, "postgres"), "-D", Data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={directory}"];
            var server = new Child(nursery, "postgres", Tools.Find(command[0]), command[1..], Log);
            servers.Add(server);
            await server.StartAsync();
            while (server.IsRunning)
            {
                if ((await Tools.TryAsync(Path.Combine(Tools.PostgresFolder!, "pg_isready"), "-h", "127.0.0.1", "-p", $"{port}")).Code == 0)
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            // The processes of a killed server take a moment to see it; until then the new one refuses to start.
            if (TimeProvider.System.GetElapsedTime(begun) > StartMax)
                throw new TimeoutException($"PostgreSQL does not start; its log ends: {server.LastLines(3)}");
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }
    }

    public bool IsRunning => servers.Count > 0 && servers[^1].IsRunning;

    public Task KillAsync() => servers[^1].KillAsync();

    /// <summary>Stops it as an operator does: open transactions are ended and all is on disk.</summary>
    public async Task StopAsync()
    {
        await Tools.RunAsync("kill", "-INT", (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0]);
        while (IsRunning)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    /// <summary>Copies the stopped server's files.</summary>
    public Task BackUpAsync() => Tools.RunAsync("cp", "-a", Data, Data + ".backup");

    /// <summary>Puts the copy in the place of the stopped server's files.</summary>
    public async Task RestoreAsync()
    {
        Directory.Delete(Data, recursive: true);
        await Tools.RunAsync("cp", "-a", Data + ".backup", Data);
    }

    /// <summary>Deletes the oldest reading's row behind the bridge's back.</summary>
    public async Task<DeletedRow> DeleteRowAsync()
    {
        var found = (await SqlAsync("select sensor || '/' || quantity, spool, sequence, to_char(time at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') from reading order by time, sequence limit 1")).Trim().Split('|');
        var row = found is [var stream, var spool, var sequence, var time] ? new DeletedRow(stream, spool, sequence, time) : throw new InvalidOperationException("The database has no reading.");
        var said = await SqlAsync($"delete from reading_row r using spool p where p.key = r.spool and encode(p.id, 'hex') = '{row.Spool}' and r.sequence = {row.Sequence}");
        return said.Contains("DELETE 1", StringComparison.Ordinal) ? row : throw new InvalidOperationException($"{row} was not one row: {said}");
    }

    Task<string> SqlAsync(string sql) => Tools.RunAsync(Path.Combine(Tools.PostgresFolder!, "psql"), "-h", "127.0.0.1", "-p", $"{port}", "-U", "city", "-d", "postgres", "-At", "-c", sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}

/// <summary>A reading that somebody deleted by hand.</summary>
/// <param name="Time">As a verb takes it.</param>
sealed record DeletedRow(string Stream, string Spool, string Sequence, string Time);
