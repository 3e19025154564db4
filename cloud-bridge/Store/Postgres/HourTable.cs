using System.Data.Common;
using EdgeHub.CloudBridge.Store.Rows;
using Npgsql;
using NpgsqlTypes;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>Hours in arrays: in, out, and back into rows. Whoever moves readings between the shapes holds one lock of the whole database meanwhile.</summary>
static class HourTable
{
    // Any number, but ours.
    const long MovingLock = 0x45646765487563;

    const string Copy = "COPY reading_hour (stream, spool, hour, first_sequence, last_sequence, divisor, readings, first_ms, step_ms, sequence_step, quality, historical, overheard, t2, t4, s2, s4, v2, v4, v8, q) FROM STDIN (FORMAT BINARY)";

    public static Task HoldAsync(StoreTransaction transaction, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellationToken, MovingLock);

    public static async Task WriteAsync(StoreTransaction transaction, IEnumerable<PackedHour> hours, CancellationToken cancellationToken)
    {
        await using var copy = await ((NpgsqlConnection)transaction.Connection).BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var hour in hours)
            Write(copy, hour);
        await copy.CompleteAsync(cancellationToken);
    }

    public static Task<int> UnpackAsync(StoreTransaction transaction, long spool, long firstSequence, long lastSequence, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        $"""
        WITH h AS (DELETE FROM reading_hour WHERE spool = $1 AND first_sequence <= $3 AND last_sequence >= $2 RETURNING *)
        INSERT INTO reading_row (stream, time, value, quality, spool, sequence, historical, overheard)
        SELECT r.stream, r.time, r.value, r.quality, r.spool, r.sequence, r.historical, r.overheard FROM h CROSS JOIN LATERAL {PostgresSchema.Unpacked} r
        """,
        cancellationToken,
        spool,
        firstSequence,
        lastSequence);

    public static Task<long?> OldestAsync(StoreTransaction transaction, object before, CancellationToken cancellationToken) => transaction.NumberAsync(
        "SELECT (extract(epoch FROM least((SELECT min(time) FROM reading_row WHERE time < $1), (SELECT min(hour) FROM reading_hour WHERE hour < $1))) * 1000)::BIGINT",
        cancellationToken,
        before);

    public static Task RemoveAsync(StoreTransaction transaction, object from, object to, Action<long, long, long> gone, CancellationToken cancellationToken) => transaction.ReadAsync(
        $"""
        WITH one AS (DELETE FROM reading_row WHERE time >= $1 AND time < $2 RETURNING spool, stream, sequence),
            h AS (DELETE FROM reading_hour WHERE hour >= $1 AND hour < $2 RETURNING *)
        SELECT spool, stream, sequence FROM one UNION ALL SELECT r.spool, r.stream, r.sequence FROM h CROSS JOIN LATERAL {PostgresSchema.Unpacked} r
        """,
        reader =>
        {
            gone(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2));
            return Task.CompletedTask;
        },
        cancellationToken,
        from,
        to);

    /// <summary>Takes rows out, to be packed.</summary>
    public static async Task<List<ReadingRow>> TakeRowsAsync(StoreTransaction transaction, object from, object to, long firstStream, long lastStream, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "DELETE FROM reading_row WHERE time >= $1 AND time < $2 AND stream BETWEEN $3 AND $4 RETURNING stream, spool, sequence, time, value, quality, historical, overheard",
            Read,
            cancellationToken,
            from,
            to,
            firstStream,
            lastStream);
        return rows;
    }

    static ReadingRow Read(DbDataReader reader) => new(
        reader.GetInt32(0),
        reader.GetInt32(1),
        reader.GetInt64(2),
        (reader.GetDateTime(3) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond,
        reader.IsDBNull(4) ? double.NaN : reader.GetDouble(4),
        (Wire.Quality)(byte)reader.GetInt16(5),
        reader.GetBoolean(6),
        reader.GetBoolean(7));

    static void Write(NpgsqlBinaryImporter copy, PackedHour hour)
    {
        copy.StartRow();
        copy.Write(hour.Stream, NpgsqlDbType.Integer);
        copy.Write(hour.Spool, NpgsqlDbType.Integer);
        copy.Write(DateTime.UnixEpoch.AddMilliseconds(hour.HourMs), NpgsqlDbType.TimestampTz);
        copy.Write(hour.FirstSequence, NpgsqlDbType.Bigint);
        copy.Write(hour.LastSequence, NpgsqlDbType.Bigint);
        copy.Write(hour.Divisor, NpgsqlDbType.Double);
        copy.Write(hour.Readings, NpgsqlDbType.Integer);
        copy.Write(hour.FirstMs, NpgsqlDbType.Integer);
        copy.Write(hour.StepMs, NpgsqlDbType.Integer);
        copy.Write(hour.SequenceStep, NpgsqlDbType.Integer);
        copy.Write(hour.Quality, NpgsqlDbType.Smallint);
        copy.Write(hour.Historical, NpgsqlDbType.Boolean);
        copy.Write(hour.Overheard, NpgsqlDbType.Boolean);
        WriteDeviations(copy, hour.TimeMs);
        WriteDeviations(copy, hour.Sequence);
        WriteValues(copy, hour);
        WriteArray(copy, hour.Qualities, NpgsqlDbType.Smallint);
    }

    static void WriteDeviations(NpgsqlBinaryImporter copy, int[]? deviations)
    {
        var isNarrow = deviations is not null && Array.TrueForAll(deviations, PackedHour.IsNarrow);
        WriteArray(copy, isNarrow ? Array.ConvertAll(deviations!, one => (short)one) : null, NpgsqlDbType.Smallint);
        WriteArray(copy, isNarrow ? null : deviations, NpgsqlDbType.Integer);
    }

    static void WriteValues(NpgsqlBinaryImporter copy, PackedHour hour)
    {
        var isNarrow = hour.Mantissas is not null && Array.TrueForAll(hour.Mantissas, one => one is null || PackedHour.IsNarrow(one.Value));
        WriteArray(copy, isNarrow ? Array.ConvertAll(hour.Mantissas!, one => (short?)one) : null, NpgsqlDbType.Smallint);
        WriteArray(copy, isNarrow ? null : hour.Mantissas, NpgsqlDbType.Integer);
        WriteArray(copy, hour.Values, NpgsqlDbType.Double);
    }

    static void WriteArray<T>(NpgsqlBinaryImporter copy, T[]? array, NpgsqlDbType element)
    {
        if (array is null)
            copy.WriteNull();
        else
            copy.Write(array, NpgsqlDbType.Array | element);
    }
}
