using Npgsql;
using NpgsqlTypes;

namespace EdgeHub.CloudBridge.Store;

/// <summary>The one hot loop towards PostgreSQL: typed writes into the COPY buffer, nothing boxed.</summary>
static class PostgresRowWriter
{
    public static void Write(NpgsqlBinaryImporter copy, IReadOnlyList<ReadingRow> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            copy.StartRow();
            copy.Write(row.Stream, NpgsqlDbType.Integer);
            copy.Write(DateTime.UnixEpoch.AddMilliseconds(row.TimeMs), NpgsqlDbType.TimestampTz);
            if (double.IsNaN(row.Value))
                copy.WriteNull();
            else
                copy.Write(row.Value, NpgsqlDbType.Double);
            copy.Write((short)row.Quality, NpgsqlDbType.Smallint);
            copy.Write(row.Spool, NpgsqlDbType.Integer);
            copy.Write(row.Sequence, NpgsqlDbType.Bigint);
            copy.Write(row.Historical, NpgsqlDbType.Boolean);
        }
    }
}
