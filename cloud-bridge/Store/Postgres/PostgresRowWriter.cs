using System.Buffers.Binary;
using EdgeHub.CloudBridge.Store.Rows;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// The one hot loop towards PostgreSQL: rows in the format of binary COPY (PostgreSQL manual, COPY, "Binary Format"),
/// written as they travel. The driver's importer looks up a converter for each of eight values of each row, which costs
/// ten times as much as the bytes.
/// </summary>
static class PostgresRowWriter
{
    const int Fields = 8;
    const int RowBytesMax = 2 + (Fields * 4) + 4 + 8 + 8 + 2 + 4 + 8 + 1 + 1;
    const int BufferBytes = 64 << 10;
    const short End = -1;

    // PostgreSQL counts microseconds from 2000-01-01.
    const long EpochMs = 946_684_800_000;

    // Signature, no flags, no header extension.
    static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes all rows of a COPY, its header and its end.</summary>
    public static async Task WriteAsync(System.IO.Stream copy, IReadOnlyList<ReadingRow> rows, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        Header.CopyTo(buffer);
        var at = Header.Length;
        for (var next = 0; next < rows.Count;)
        {
            for (; next < rows.Count && at + RowBytesMax <= buffer.Length; next++)
                at += Write(buffer.AsSpan(at), rows[next]);
            await copy.WriteAsync(buffer.AsMemory(0, at), cancellationToken);
            at = 0;
        }

        BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(at), End);
        await copy.WriteAsync(buffer.AsMemory(0, at + 2), cancellationToken);
    }

    static int Write(Span<byte> to, in ReadingRow row)
    {
        BinaryPrimitives.WriteInt16BigEndian(to, Fields);
        var at = 2;
        at += Int32(to[at..], row.Stream);
        at += Int64(to[at..], (row.TimeMs - EpochMs) * 1000);
        at += double.IsNaN(row.Value) ? Null(to[at..]) : Int64(to[at..], BitConverter.DoubleToInt64Bits(row.Value));
        BinaryPrimitives.WriteInt32BigEndian(to[at..], 2);
        BinaryPrimitives.WriteInt16BigEndian(to[(at + 4)..], (short)row.Quality);
        at += 6;
        at += Int32(to[at..], row.Spool);
        at += Int64(to[at..], row.Sequence);
        at += Boolean(to[at..], row.Historical);
        return at + Boolean(to[at..], row.Overheard);
    }

    // Each value stands behind its length.
    static int Int32(Span<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, 4);
        BinaryPrimitives.WriteInt32BigEndian(to[4..], value);
        return 8;
    }

    static int Int64(Span<byte> to, long value)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, 8);
        BinaryPrimitives.WriteInt64BigEndian(to[4..], value);
        return 12;
    }

    static int Boolean(Span<byte> to, bool value)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, 1);
        to[4] = value ? (byte)1 : (byte)0;
        return 5;
    }

    static int Null(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, -1);
        return 4;
    }
}
