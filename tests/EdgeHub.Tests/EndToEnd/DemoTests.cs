using System.Text.Json;
using EdgeHub.Tests.Servers;
using Npgsql;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>The whole product as processes, judged by the simulators' own ledger. One after the other: each wants the machine.</summary>
[Collection("whole machine")]
public sealed class DemoTests(PostgresServer postgres)
{
    const int StoredInAMinute = 2000;

    static readonly string[] Strikes = ["re-plug of the air sensor's line", "cut of the broker", "kill -9 of the edge", "kill -9 of the bridge"];

    [Fact(Timeout = 240_000)]
    public async Task A_minute_of_chaos_on_the_embedded_broker_and_SQLite_loses_doubles_and_alters_nothing()
    {
        var (exitCode, lines) = await Programs.RunAsync(Programs.Sims, ["demo", "--chaos", "--seconds", "60"], TestContext.Current.CancellationToken);
        Assert.True(AssertGood(exitCode, lines, Strikes.Length) >= StoredInAMinute);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_minute_of_chaos_over_mosquitto_and_PostgreSQL_loses_doubles_and_alters_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        var database = await postgres.CreateDatabaseAsync(stop);
        await using var broker = await Mosquitto.StartOpenAsync(stop, "max_queued_messages 10000", "max_inflight_messages 1000");
        var (exitCode, lines) = await Programs.RunAsync(Programs.Sims, ["demo", "--chaos", "--seconds", "60", "--seed", "7", "--broker", $"127.0.0.1:{broker.Port}", "--postgres", database], stop);
        AssertGood(exitCode, lines, Strikes.Length);

        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select count(*), count(distinct (sensor, quantity)), bool_and(unit <> '') from reading");
        await using var row = await command.ExecuteReaderAsync(stop);
        Assert.True(await row.ReadAsync(stop));
        Assert.True(row.GetInt64(0) >= StoredInAMinute);
        Assert.Equal(28, row.GetInt64(1));
        Assert.True(row.GetBoolean(2));
    }

    /// <summary>EDGEHUB_KILLS=500 for a campaign; each kill takes about two seconds.</summary>
    [Fact(Timeout = 3_600_000)]
    public async Task Kill_after_kill_of_the_edge_during_ingest_loses_nothing()
    {
        var kills = Programs.Size("EDGEHUB_KILLS", 50);
        var (exitCode, lines) = await Programs.RunAsync(Programs.Sims, ["demo", "--kills", $"{kills}", "--seconds", $"{kills * 2}", "--seed", "11"], TestContext.Current.CancellationToken);
        AssertGood(exitCode, lines, kills);
    }

    /// <returns>Readings stored.</returns>
    static long AssertGood(int exitCode, string[] lines, int strikes)
    {
        var books = Programs.LastLine(lines);
        Assert.Equal((0L, 0L, 0L, 0L), (books.Number("lost"), books.Number("duplicates"), books.Number("altered"), books.Number("waiting")));
        Assert.True(books.Number("stored") >= 1000, $"Only {books.Number("stored")} readings were stored.");
        Assert.True(books.GetProperty("booksBalance").GetBoolean(), string.Join('\n', lines));
        Assert.Equal(books.Number("recorded"), books.Number("stored"));
        JsonElement[] chaos = [.. books.GetProperty("chaos").EnumerateArray()];
        Assert.Equal(strikes, chaos.Length);
        Assert.All(chaos, strike => Assert.True(strike.Number("unacked") > 0));
        Assert.Equal(0, exitCode);
        return books.Number("stored");
    }
}
