using EdgeHub.Wire.Proto;
using Google.Protobuf.Collections;

namespace EdgeHub.Wire;

/// <summary>The way back from columns to readings. Hostile columns are a reason, never an exception.</summary>
public static class BlockDecoder
{
    const int DecimalsMax = 15;

    static readonly double[] PowersOfTen = [.. Enumerable.Range(0, DecimalsMax + 1).Select(i => Math.Pow(10, i))];

    /// <summary>
    /// Appends the block's readings to <paramref name="into"/> in order of sequence. On false nothing was appended
    /// and <paramref name="reason"/> says what is wrong with the block.
    /// </summary>
    public static bool TryDecode(Block block, ICollection<Reading> into, out string reason)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(into);
        if (Check(block) is { } wrong)
        {
            reason = wrong;
            return false;
        }

        var total = block.Mantissa.Count;
        var readings = new Reading[total];
        if (!TryQualities(block, readings, out reason) || !TryOrigins(block, readings, out reason) || !TrySeries(block, readings, out reason))
            return false;
        foreach (var reading in readings)
            into.Add(reading);
        return true;
    }

    static string? Check(Block block)
    {
        if (block.Mantissa.Count is 0 or > WireLimits.ReadingsPerBlockMax)
            return $"a block has 1 to {WireLimits.ReadingsPerBlockMax} readings, this one {block.Mantissa.Count}";
        if (block.FirstSequence == 0 || block.FirstSequence > long.MaxValue - WireLimits.ReadingsPerBlockMax)
            return "the block's first sequence is not a position from 1";
        if (block.BootId.Length != 16)
            return "the block's boot id is not 16 bytes";
        if (block.BootTimeMs > long.MaxValue)
            return "the block's boot time is out of range";
        var series = block.Stream.Count;
        return block.Count.Count != series || block.Exponent.Count != series || block.SameTime.Count != series
            ? "the block's series columns differ in length"
            : null;
    }

    static bool TryQualities(Block block, Reading[] readings, out string reason) =>
        TryRuns(block.Quality, byte.MaxValue, readings, static (reading, code) => reading with { Quality = (Quality)code })
            ? Accept(out reason)
            : Refuse("the block's quality runs do not cover its readings", out reason);

    static bool TryOrigins(Block block, Reading[] readings, out string reason) =>
        TryRuns(block.Origin, (uint)Origin.Overheard, readings, static (reading, code) => reading with { Origin = (Origin)code })
            ? Accept(out reason)
            : Refuse("the block's origin runs do not cover its readings, or name an origin that is not known here", out reason);

    static bool TryRuns(RepeatedField<uint> runs, uint codeMax, Reading[] readings, Func<Reading, uint, Reading> mark)
    {
        if (runs.Count == 0)
            return true;
        var at = 0;
        for (var i = 0; i + 1 < runs.Count; i += 2)
        {
            var (code, length) = (runs[i], runs[i + 1]);
            if (code > codeMax || length == 0 || length > readings.Length - at)
                return false;
            for (var end = at + (int)length; at < end; at++)
                readings[at] = mark(readings[at], code);
        }

        return at == readings.Length && runs.Count % 2 == 0;
    }

    static bool TrySeries(Block block, Reading[] readings, out string reason)
    {
        var at = 0;
        var stream = 0L;
        var time = 0;
        Span<Reading> axis = [];
        for (var s = 0; s < block.Stream.Count; s++)
        {
            stream += block.Stream[s];
            var count = block.Count[s];
            if (stream >= WireLimits.StreamsPerCatalogMax || (s > 0 && block.Stream[s] == 0))
                return Refuse("the block's streams are not ascending positions of a catalog", out reason);
            if (count == 0 || count > readings.Length - at)
                return Refuse("the block's series do not cover its readings", out reason);
            var series = readings.AsSpan(at, (int)count);
            if (block.SameTime[s] != 0)
            {
                if (axis.Length != series.Length)
                    return Refuse("a series shares times with a series of another length", out reason);
                for (var i = 0; i < series.Length; i++)
                    series[i] = series[i] with { BootTimeMs = axis[i].BootTimeMs };
            }
            else
            {
                if (time + count > block.Time.Count)
                    return Refuse("the block's times do not cover its readings", out reason);
                Times(block, ref time, series, axis.IsEmpty ? (long)block.BootTimeMs : axis[0].BootTimeMs);
                axis = series;
            }

            if (block.Exponent[s] is not (1 or (<= 0 and >= -DecimalsMax)))
                return Refuse("a series has an exponent that is not -15 to 1", out reason);
            Values(block, at, series, (int)stream, block.Exponent[s]);
            at += (int)count;
        }

        return at == readings.Length && time == block.Time.Count
            ? Accept(out reason)
            : Refuse("the block's columns differ in length", out reason);
    }

    static void Times(Block block, ref int next, Span<Reading> series, long from)
    {
        var previous = from;
        long step = 0;
        for (var i = 0; i < series.Length; i++)
        {
            step = unchecked(i < 2 ? block.Time[next++] : step + block.Time[next++]);
            previous = unchecked(previous + step);
            series[i] = series[i] with { BootTimeMs = previous };
        }
    }

    static void Values(Block block, int at, Span<Reading> series, int stream, int exponent)
    {
        long mantissa = 0;
        for (var i = 0; i < series.Length; i++)
        {
            mantissa = unchecked(mantissa + block.Mantissa[at + i]);
            var value = !series[i].Quality.HasValue() ? double.NaN
                : exponent == 1 ? BitConverter.Int64BitsToDouble(mantissa)
                : mantissa / PowersOfTen[-exponent];
            series[i] = series[i] with { Stream = stream, Value = value };
        }
    }

    static bool Accept(out string reason)
    {
        reason = "";
        return true;
    }

    static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
