namespace EdgeHub.Benchmarks.Replay;

/// <summary>How fast a backlog becomes rows in the city, against the database alone.</summary>
static class ReplayRows
{
    const int Readings = 1_000_000;

    public static readonly string[] SqliteNames = ["replay.sqlite"];
    public static readonly string[] PostgresNames = ["replay.postgres"];

    public static async Task<IReadOnlyList<Row>> SqliteAsync(Effort effort, CancellationToken stop)
    {
        if (ReplayBench.WhyNot is { } why)
            return [Row.Missing(SqliteNames[0], "readings/s", why)];
        var directory = Directory.CreateTempSubdirectory("edgehub-bench-replay-").FullName;
        await using var target = new SqliteTarget(directory);
        return [await MeasureAsync(directory, target, effort, SqliteNames[0], "reference: bare prepared inserts", stop)];
    }

    public static async Task<IReadOnlyList<Row>> PostgresAsync(Effort effort, CancellationToken stop)
    {
        if ((ReplayBench.WhyNot ?? PostgresProcess.WhyNot) is { } why)
            return [Row.Missing(PostgresNames[0], "readings/s", why)];
        var server = new PostgresProcess();
        await using var target = new PostgresTarget(server);
        await server.StartAsync(stop);
        return [await MeasureAsync(Directory.CreateTempSubdirectory("edgehub-bench-replay-").FullName, target, effort, PostgresNames[0], "reference: bare binary COPY", stop)];
    }

    static async Task<Row> MeasureAsync(string directory, ReplayTarget target, Effort effort, string name, string reference, CancellationToken stop)
    {
        try
        {
            return await new ReplayBench(directory, target, effort.Of(Readings)).MeasureAsync(name, effort.Rounds, reference, stop);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
