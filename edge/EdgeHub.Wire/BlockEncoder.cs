using System.Buffers.Binary;
using EdgeHub.Wire.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace EdgeHub.Wire;

/// <summary>
/// Turns readings into the columns of a <see cref="Block"/>: grouped by stream, times and values as differences, values as
/// decimal mantissas where that is exact and as raw IEEE 754 bits where it is not. What goes in comes out bit for bit.
/// One encoder per thread: it keeps its scratch between blocks.
/// </summary>
public sealed class BlockEncoder
{
    const int DecimalsMax = 15;
    const double MantissaMax = 1L << 53;
    const int RawBits = 1;

    static readonly double[] PowersOfTen = [.. Enumerable.Range(0, DecimalsMax + 1).Select(i => Math.Pow(10, i))];

    int[] starts = [];
    Reading[] grouped = [];

    /// <summary>
    /// The readings as one block. Their order becomes: by stream, then as given; sequences count in that order.
    /// </summary>
    /// <param name="readings">1 to <see cref="WireLimits.ReadingsPerBlockMax"/>.</param>
    /// <param name="streamCount">Streams of the catalog.</param>
    public Block Encode(ReadOnlySpan<Reading> readings, int streamCount, ulong firstSequence, ulong catalogNumber, BlockClock clock)
    {
        ArgumentOutOfRangeException.ThrowIfZero(readings.Length, nameof(readings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(readings.Length, WireLimits.ReadingsPerBlockMax, nameof(readings));
        Group(readings, streamCount);

        var boot = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(boot, clock.Boot);
        var baseTime = readings[0].BootTimeMs;
        var block = new Block
        {
            FirstSequence = firstSequence,
            CatalogNumber = catalogNumber,
            BootId = UnsafeByteOperations.UnsafeWrap(boot),
            BootTimeMs = (ulong)baseTime,
            UnixOffsetMs = clock.UnixOffsetMs,
            ClockQuality = clock.Quality,
        };
        block.Time.Capacity = block.Mantissa.Capacity = readings.Length;
        AddSeries(block, readings.Length, baseTime);
        AddRuns(block.Quality, grouped.AsSpan(0, readings.Length), static reading => (uint)reading.Quality);
        AddRuns(block.Origin, grouped.AsSpan(0, readings.Length), static reading => (uint)reading.Origin);
        return block;
    }

    // Counting sort by stream: stable, linear, no comparison.
    void Group(ReadOnlySpan<Reading> readings, int streamCount)
    {
        if (starts.Length < streamCount + 1)
            starts = new int[streamCount + 1];
        if (grouped.Length < readings.Length)
            grouped = new Reading[Math.Max(readings.Length, 512)];
        Array.Clear(starts);
        foreach (ref readonly var reading in readings)
            starts[reading.Stream + 1]++;
        for (var i = 1; i <= streamCount; i++)
            starts[i] += starts[i - 1];
        foreach (ref readonly var reading in readings)
            grouped[starts[reading.Stream]++] = reading;
    }

    void AddSeries(Block block, int count, long baseTime)
    {
        var previousStream = 0;
        ReadOnlySpan<Reading> axis = [];
        for (var start = 0; start < count;)
        {
            var stream = grouped[start].Stream;
            var end = start + 1;
            while (end < count && grouped[end].Stream == stream)
                end++;
            var series = grouped.AsSpan(start, end - start);
            block.Stream.Add((uint)(stream - previousStream));
            block.Count.Add((uint)series.Length);
            var same = HasTimesOf(series, axis);
            block.SameTime.Add(same ? 1u : 0u);
            if (!same)
            {
                AddTimes(block, series, axis.IsEmpty ? baseTime : axis[0].BootTimeMs);
                axis = series;
            }

            AddValues(block, series);
            previousStream = stream;
            start = end;
        }
    }

    static bool HasTimesOf(ReadOnlySpan<Reading> series, ReadOnlySpan<Reading> axis)
    {
        if (series.Length != axis.Length)
            return false;
        for (var i = 0; i < series.Length; i++)
            if (series[i].BootTimeMs != axis[i].BootTimeMs)
                return false;
        return true;
    }

    static void AddTimes(Block block, ReadOnlySpan<Reading> series, long from)
    {
        var previous = from;
        long step = 0;
        for (var i = 0; i < series.Length; i++)
        {
            var difference = series[i].BootTimeMs - previous;
            block.Time.Add(i < 2 ? difference : difference - step);
            step = difference;
            previous = series[i].BootTimeMs;
        }
    }

    static void AddValues(Block block, ReadOnlySpan<Reading> series)
    {
        var decimals = 0;
        foreach (ref readonly var reading in series)
            if (reading.Quality.HasValue() && !TryFindDecimals(reading.Value, ref decimals))
            {
                decimals = -1;
                break;
            }

        // A value may be exact at fewer decimals and not at more: then the whole series falls back.
        if (decimals >= 0 && !AllExactAt(series, decimals))
            decimals = -1;

        block.Exponent.Add(decimals < 0 ? RawBits : -decimals);
        long previous = 0;
        foreach (ref readonly var reading in series)
        {
            if (!reading.Quality.HasValue())
            {
                block.Mantissa.Add(0);
                continue;
            }

            var mantissa = decimals < 0 ? BitConverter.DoubleToInt64Bits(reading.Value) : (long)Math.Round(reading.Value * PowersOfTen[decimals]);
            block.Mantissa.Add(unchecked(mantissa - previous));
            previous = mantissa;
        }
    }

    static bool TryFindDecimals(double value, ref int decimals)
    {
        while (decimals <= DecimalsMax)
        {
            if (IsExactAt(value, decimals))
                return true;
            decimals++;
        }

        return false;
    }

    static bool AllExactAt(ReadOnlySpan<Reading> series, int decimals)
    {
        foreach (ref readonly var reading in series)
            if (reading.Quality.HasValue() && !IsExactAt(reading.Value, decimals))
                return false;
        return true;
    }

    static bool IsExactAt(double value, int decimals)
    {
        var mantissa = Math.Round(value * PowersOfTen[decimals]);
        return Math.Abs(mantissa) < MantissaMax
            && BitConverter.DoubleToInt64Bits((long)mantissa / PowersOfTen[decimals]) == BitConverter.DoubleToInt64Bits(value);
    }

    // Code, length, code, length; nothing when every code is 0.
    static void AddRuns(RepeatedField<uint> into, ReadOnlySpan<Reading> readings, Func<Reading, uint> code)
    {
        for (var start = 0; start < readings.Length;)
        {
            var run = code(readings[start]);
            var end = start + 1;
            while (end < readings.Length && code(readings[end]) == run)
                end++;
            if (run == 0 && end - start == readings.Length)
                return;
            into.Add(run);
            into.Add((uint)(end - start));
            start = end;
        }
    }
}
