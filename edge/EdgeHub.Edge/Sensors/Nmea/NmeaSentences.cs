using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Nmea;

/// <summary>What the two sentences say that we use. Source: NMEA 0183 V4.10, GGA and RMC.</summary>
static class NmeaSentences
{
    const double MetresPerSecondPerKnot = 1852.0 / 3600;

    static readonly SensorFrame NoPosition = new([SensorValue.NoData(Gnss.Latitude), SensorValue.NoData(Gnss.Longitude), SensorValue.NoData(Gnss.Altitude)]);

    /// <summary>time, latitude, N/S, longitude, E/W, quality (0 is none), satellites, HDOP, altitude, …</summary>
    public static SensorFrame Gga(NmeaFields fields)
    {
        List<SensorValue> values = [];
        if (fields.Number(6) is > 0 && fields.Angle(2, (byte)'S', (byte)'N', 90) is { } latitude && fields.Angle(4, (byte)'W', (byte)'E', 180) is { } longitude)
            values.AddRange([new(Gnss.Latitude, latitude), new(Gnss.Longitude, longitude), Value(Gnss.Altitude, fields.Number(9))]);
        else
            values.AddRange(NoPosition.Values);
        values.AddRange([Value(Gnss.Satellites, fields.Number(7)), Value(Gnss.Hdop, fields.Number(8))]);
        return new SensorFrame(values);
    }

    /// <summary>time, A (valid) or V, latitude, N/S, longitude, E/W, speed in knots, course, date, … (4.10 adds fields at the end).</summary>
    public static SensorFrame Rmc(NmeaFields fields)
    {
        if (fields[2] is not [(byte)'A'])
            return new SensorFrame([SensorValue.NoData(Gnss.Speed)]);
        // A receiver that stands still leaves the course blank: nothing new then.
        List<SensorValue> values = [Value(Gnss.Speed, fields.Number(7) is { } knots ? Math.Round(knots * MetresPerSecondPerKnot, 4) : null)];
        if (fields.Number(8) is { } course)
            values.Add(new(Gnss.Course, course));
        return new SensorFrame(values, Utc: Utc(fields[1], fields[9]));
    }

    // hhmmss.sss and ddmmyy; a leap second (60) tells no time that a DateTime has.
    static DateTimeOffset? Utc(ReadOnlySpan<byte> time, ReadOnlySpan<byte> date)
    {
        if (time.Length < 6 || date.Length != 6)
            return null;
        int hour = Pair(time), minute = Pair(time[2..]), second = Pair(time[4..]);
        int day = Pair(date), month = Pair(date[2..]), year = Pair(date[4..]);
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || year < 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(2000 + year, month))
            return null;
        var milliseconds = 0;
        if (time.Length > 7 && time[6] == '.')
            for (int i = 7, weight = 100; i < time.Length && weight > 0; i++, weight /= 10)
                milliseconds += char.IsAsciiDigit((char)time[i]) ? (time[i] - '0') * weight : 0;
        return new DateTimeOffset(2000 + year, month, day, hour, minute, second, milliseconds, TimeSpan.Zero);
    }

    static int Pair(ReadOnlySpan<byte> text) =>
        char.IsAsciiDigit((char)text[0]) && char.IsAsciiDigit((char)text[1]) ? ((text[0] - '0') * 10) + (text[1] - '0') : -1;

    static SensorValue Value(int stream, double? value) => value is { } given ? new SensorValue(stream, given) : SensorValue.NoData(stream);
}
