using EdgeHub.Tests.Servers;
using EdgeHub.Wire;
using Parquet;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>Files for whoever takes it all.</summary>
public sealed class ExportTests(PostgresServer postgres)
{
    const int TestMsMax = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestMsMax)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_csv_and_a_parquet_file_hold_every_reading_once(bool inPostgres)
    {
        await using var city = await CityStand.StartAsync(inPostgres ? postgres : null, Stop);
        // More than a page of one stream, two at the same time, one without a value, and a name that wants quotes.
        var box = new TestBox("box-a", 1);
        box.AddCatalog(2, "pump \"7\", cellar");
        for (var i = 0; i < 60; i++)
            box.AddReadings([.. Enumerable.Range(0, 500).Select(n => new Reading(n < 400 ? 0 : 1, ((i * 500L) + n) / 2, n + 0.5, n == 7 ? Quality.BadDeviceFault : Quality.Good)).Select(reading => reading.Quality == Quality.Good ? reading : reading with { Value = double.NaN })]);
        await city.CommitAsync(box.DeliverAll());
        var range = $"from={QueryTests.Time(-1)}&to={QueryTests.Time(3_600_000)}";

        var lines = (await city.TextAsync($"/api/v1/export.csv?{range}", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("gateway,sensor,quantity,unit,site,area,class,classification,time,value,quality,grade,spool,sequence,historical", lines[0]);
        Assert.Equal(30_000, lines.Skip(1).Distinct().Count());
        Assert.StartsWith("box-a,pms1,pm2_5,ug/m3,\"pump \"\"7\"\", cellar\",330106/005/012,normal,general-2,", lines[1], StringComparison.Ordinal);
        Assert.Equal(60, lines.Count(line => line.Contains(",,193,bad,", StringComparison.Ordinal)));

        using var answer = await city.Http.GetAsync(new Uri($"/api/v1/export.parquet?{range}&sensor=pms1", UriKind.Relative), Stop);
        using var file = new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Stop));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Stop);
        var sequences = new List<long>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var (numbers, values) = (new long[group.RowCount], new double?[group.RowCount]);
            await group.ReadAsync<long>(reader.Schema.DataFields.Single(field => field.Name == "sequence"), numbers, cancellationToken: Stop);
            await group.ReadAsync<double>(reader.Schema.DataFields.Single(field => field.Name == "value"), values, cancellationToken: Stop);
            Assert.Equal(60, values.Count(value => value is null));
            sequences.AddRange(numbers);
        }

        Assert.Equal(24_000, sequences.Distinct().Count());
    }

    [Fact(Timeout = TestMsMax)]
    public async Task An_export_of_nothing_is_a_file_with_its_columns()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        Assert.Single((await city.TextAsync("/api/v1/export.csv", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        using var file = new MemoryStream(await city.Http.GetByteArrayAsync(new Uri("/api/v1/export.parquet", UriKind.Relative), Stop));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Stop);
        Assert.Equal(15, reader.Schema.DataFields.Length);
    }
}
