using EdgeHub.CloudBridge.Store.Rows;

namespace EdgeHub.CloudBridge.Store.Postgres;

/// <summary>
/// Readings of one stream and spool within one UTC hour, as <c>reading_hour</c> has them. Times and sequences are kept as what
/// deviates from a regular course, values as whole numbers over a power of ten; where that would not give back the same double, as they are. Pure.
/// </summary>
/// <param name="Divisor">1 where <paramref name="Values"/> stand as they are.</param>
/// <param name="TimeMs">Deviation of each time from <c>FirstMs + i × StepMs</c>; null when there is none.</param>
/// <param name="Sequence">The same of <c>FirstSequence + i × SequenceStep</c>.</param>
/// <param name="Mantissas">Null within: a reading without value. Null as a whole: see <paramref name="Values"/>.</param>
/// <param name="Qualities">Null when all have <paramref name="Quality"/>.</param>
sealed record PackedHour(
    int Stream,
    int Spool,
    long HourMs,
    long FirstSequence,
    long LastSequence,
    double Divisor,
    int Readings,
    int FirstMs,
    int StepMs,
    int SequenceStep,
    short Quality,
    bool Historical,
    bool Overheard,
    int[]? TimeMs,
    int[]? Sequence,
    int?[]? Mantissas,
    double?[]? Values,
    short[]? Qualities)
{
    public const long HourLengthMs = 3_600_000;

    /// <summary>Readings of one row, so that no array outgrows a page by far; a faster stream gets several rows an hour.</summary>
    const int ReadingsMax = 2_000;

    const int DecimalsMax = 9;

    public static bool IsNarrow(int value) => value is >= short.MinValue and <= short.MaxValue;

    /// <summary>Packs rows of any streams and times; each is in exactly one of the hours.</summary>
    public static IEnumerable<PackedHour> Pack(IEnumerable<ReadingRow> rows) => rows
        .GroupBy(row => (row.Stream, row.Spool, Hour: HourOf(row.TimeMs), row.Historical, row.Overheard))
        .SelectMany(group => group.OrderBy(row => row.Sequence).Chunk(ReadingsMax).SelectMany(Narrow).Select(chunk => Of(group.Key.Hour, chunk)));

    // A deviation of a sequence stands in 32 bits: what lies further apart gets rows of its own.
    static IEnumerable<ReadingRow[]> Narrow(ReadingRow[] rows) =>
        rows[^1].Sequence - rows[0].Sequence <= int.MaxValue / 2 ? [rows] : rows.Select(row => new[] { row });

    static PackedHour Of(long hourMs, ReadingRow[] rows)
    {
        var (first, last) = (rows[0], rows[^1]);
        var steps = Math.Max(rows.Length - 1, 1);
        var stepMs = (int)Math.Round((double)(last.TimeMs - first.TimeMs) / steps);
        var sequenceStep = (int)Math.Round((double)(last.Sequence - first.Sequence) / steps);
        var (divisor, mantissas) = Scale(rows);
        var quality = (short)first.Quality;
        return new PackedHour(
            first.Stream,
            first.Spool,
            hourMs,
            first.Sequence,
            last.Sequence,
            divisor,
            rows.Length,
            (int)(first.TimeMs - hourMs),
            stepMs,
            sequenceStep,
            quality,
            first.Historical,
            first.Overheard,
            Deviations(rows, (row, i) => (int)(row.TimeMs - first.TimeMs - ((long)i * stepMs))),
            Deviations(rows, (row, i) => (int)(row.Sequence - first.Sequence - ((long)i * sequenceStep))),
            mantissas,
            mantissas is null ? Array.ConvertAll(rows, row => double.IsNaN(row.Value) ? (double?)null : row.Value) : null,
            Array.TrueForAll(rows, row => (short)row.Quality == quality) ? null : Array.ConvertAll(rows, row => (short)row.Quality));
    }

    static int[]? Deviations(ReadingRow[] rows, Func<ReadingRow, int, int> deviation)
    {
        var deviations = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            deviations[i] = deviation(rows[i], i);
        return Array.TrueForAll(deviations, one => one == 0) ? null : deviations;
    }

    static (double Divisor, int?[]? Mantissas) Scale(ReadingRow[] rows)
    {
        var divisor = 1.0;
        for (var decimals = 0; decimals <= DecimalsMax; decimals++, divisor *= 10)
            if (TryScale(rows, divisor) is { } mantissas)
                return (divisor, mantissas);
        return (1, null);
    }

    static int?[]? TryScale(ReadingRow[] rows, double divisor)
    {
        var mantissas = new int?[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (double.IsNaN(rows[i].Value))
                continue;
            var mantissa = Math.Round(rows[i].Value * divisor);
            // Bit for bit: also the sign of a zero.
            if (Math.Abs(mantissa) > int.MaxValue || BitConverter.DoubleToInt64Bits((int)mantissa / divisor) != BitConverter.DoubleToInt64Bits(rows[i].Value))
                return null;
            mantissas[i] = (int)mantissa;
        }

        return mantissas;
    }

    static long HourOf(long timeMs) => timeMs - (((timeMs % HourLengthMs) + HourLengthMs) % HourLengthMs);
}
