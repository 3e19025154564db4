using EdgeHub.CloudBridge.Store.Queries;
using Parquet;
using Parquet.Schema;

namespace EdgeHub.CloudBridge.Api;

/// <summary>The same columns as a Parquet file, one row group for so many rows: what is in memory at once is bounded.</summary>
static class ParquetFile
{
    const int RowsPerGroup = 50_000;

    static readonly DataField[] Texts = [.. new[] { "gateway", "sensor", "quantity", "unit", "site", "area", "class", "classification" }.Select(Text)];
    static readonly DateTimeDataField Time = new("time", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: false);
    static readonly DataField<double?> Value = new("value");
    static readonly DataField<int> Quality = new("quality");
    static readonly DataField Grade = Text("grade"), Spool = Text("spool");
    static readonly DataField<long> Sequence = new("sequence");
    static readonly DataField<bool> Historical = new("historical");
    static readonly ParquetSchema Schema = new([.. Texts, Time, Value, Quality, Grade, Spool, Sequence, Historical]);

    public static async Task WriteAsync(Stream output, IAsyncEnumerable<IReadOnlyList<ExportRow>> pages, CancellationToken cancellationToken)
    {
        using var drained = new DrainedStream();
        await using (var writer = await ParquetWriter.CreateAsync(Schema, drained, cancellationToken: cancellationToken))
        {
            var rows = new List<ExportRow>(RowsPerGroup);
            await foreach (var page in pages.WithCancellation(cancellationToken))
            {
                rows.AddRange(page);
                if (rows.Count < RowsPerGroup)
                    continue;
                await WriteGroupAsync(writer, rows, cancellationToken);
                await drained.DrainAsync(output, cancellationToken);
                rows.Clear();
            }

            if (rows.Count > 0)
                await WriteGroupAsync(writer, rows, cancellationToken);
        }

        await drained.DrainAsync(output, cancellationToken);
    }

    static async Task WriteGroupAsync(ParquetWriter writer, List<ExportRow> rows, CancellationToken cancellationToken)
    {
        using var group = writer.CreateRowGroup();
        Func<ExportRow, string>[] texts = [row => row.Gateway, row => row.Sensor, row => row.Quantity, row => row.Unit, row => row.Site, row => row.Area, row => row.Class, row => row.Classification];
        for (var i = 0; i < texts.Length; i++)
            await group.WriteAsync(Texts[i], [.. rows.Select(texts[i])]);
        await group.WriteAsync<DateTime>(Time, rows.Select(row => DateTime.UnixEpoch.AddMilliseconds(row.TimeMs)).ToArray(), cancellationToken: cancellationToken);
        await group.WriteAsync<double>(Value, rows.Select(row => row.Value).ToArray(), cancellationToken: cancellationToken);
        await group.WriteAsync<int>(Quality, rows.Select(row => row.Quality).ToArray(), cancellationToken: cancellationToken);
        await group.WriteAsync(Grade, [.. rows.Select(row => row.Grade)]);
        await group.WriteAsync(Spool, [.. rows.Select(row => row.Spool)]);
        await group.WriteAsync<long>(Sequence, rows.Select(row => row.Sequence).ToArray(), cancellationToken: cancellationToken);
        await group.WriteAsync<bool>(Historical, rows.Select(row => row.Historical).ToArray(), cancellationToken: cancellationToken);
        group.CompleteValidate();
    }

    static DataField Text(string name) => new DataField<string>(name, false);
}
