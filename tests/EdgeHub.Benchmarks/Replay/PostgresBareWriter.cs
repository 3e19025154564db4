using Npgsql;
using NpgsqlTypes;

namespace EdgeHub.Benchmarks.Replay;

/// <summary>Binary COPY, a transaction at a time. Owns the connection.</summary>
sealed class PostgresBareWriter(NpgsqlConnection connection) : BareWriter
{
    const string Copy = "COPY reading_row (stream, time, value, quality, spool, sequence, historical) FROM STDIN (FORMAT BINARY)";

    public override async Task WriteAsync(ReadOnlyMemory<ReplayRow> rows, int rowsPerTransaction, CancellationToken stop)
    {
        for (var start = 0; start < rows.Length; start += rowsPerTransaction)
        {
            await using var copy = await connection.BeginBinaryImportAsync(Copy, stop);
            Write(copy, rows.Span.Slice(start, Math.Min(rowsPerTransaction, rows.Length - start)));
            await copy.CompleteAsync(stop);
        }
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    static void Write(NpgsqlBinaryImporter copy, ReadOnlySpan<ReplayRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            copy.StartRow();
            copy.Write(row.Stream, NpgsqlDbType.Integer);
            copy.Write(DateTime.UnixEpoch.AddMilliseconds(row.TimeMs), NpgsqlDbType.TimestampTz);
            if (row.Value is { } value)
                copy.Write(value, NpgsqlDbType.Double);
            else
                copy.WriteNull();
            copy.Write((short)row.Quality, NpgsqlDbType.Smallint);
            copy.Write(row.Spool, NpgsqlDbType.Integer);
            copy.Write(row.Sequence, NpgsqlDbType.Bigint);
            copy.Write(row.Historical, NpgsqlDbType.Boolean);
        }
    }
}
