using System.Globalization;
using System.Text;
using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A satellite receiver after NMEA 0183 V4.10: GGA and RMC in turn, with the time of day as the host has it.</summary>
public sealed class GnssReceiver : DeviceDouble
{
    const double StepsPerDegree = 600_000; // Ten-thousandths of a minute.

    readonly TimeProvider time;
    readonly TimeSpan pace;
    readonly string talker;
    readonly Signal latitude;
    readonly Signal longitude;
    readonly Signal altitude;
    readonly Signal satellites;
    readonly Signal course;
    bool positionIsNext = true;

    /// <param name="talker">GN, GP, GL, GA, GB, or BD as older BeiDou receivers have it.</param>
    public GnssReceiver(string sensorId, ulong seed, TimeProvider time, TimeSpan? pace = null, string talker = "GN")
        : base(sensorId, "gnss", seed)
    {
        (this.time, this.talker, this.pace) = (time, talker, pace ?? TimeSpan.FromSeconds(0.5));
        latitude = Add(new Quantity("latitude", "deg"), new ValueRange(-53_999_999, 18_145_000, 18_146_000, 53_999_999), StepsPerDegree);
        longitude = Add(new Quantity("longitude", "deg"), new ValueRange(-107_999_999, 72_100_000, 72_101_000, 107_999_999), StepsPerDegree);
        altitude = Add(new Quantity("altitude", "m"), new ValueRange(-4999, 100, 400, 99_999), stepsPerUnit: 10);
        satellites = Add(new Quantity("satellites", "1"), new ValueRange(0, 8, 20, 40));
        course = Add(new Quantity("course", "deg"), new ValueRange(0, 0, 3599, 3599), stepsPerUnit: 10);
    }

    public override TimeSpan? Pace => pace;

    public override Emission? Speak()
    {
        positionIsNext = !positionIsNext;
        return positionIsNext ? Course() : Position();
    }

    Emission Position()
    {
        Sample[] samples = [latitude.Next(), longitude.Next(), altitude.Next(), satellites.Next()];
        return Sentence(
            string.Create(CultureInfo.InvariantCulture, $"GGA,{time.GetUtcNow():HHmmss.ff},{Angle(samples[0].Raw, "00", 'N', 'S')},{Angle(samples[1].Raw, "000", 'E', 'W')},1,{samples[3].Raw:00},0.9,{samples[2].Raw / 10m:F1},M,7.1,M,,"),
            [.. samples.Select(sample => sample.Sent)]);
    }

    Emission Course()
    {
        var sample = course.Next();
        var now = time.GetUtcNow();
        return Sentence(string.Create(CultureInfo.InvariantCulture, $"RMC,{now:HHmmss.ff},A,3014.5678,N,12010.1234,E,0.00,{sample.Raw / 10m:F1},{now:ddMMyy},,,A,V"), [sample.Sent]);
    }

    Emission Sentence(string body, IReadOnlyList<SentValue> values)
    {
        var text = talker + body;
        var sum = text.Aggregate(0, (all, letter) => all ^ letter);
        return new Emission(Encoding.ASCII.GetBytes($"${text}*{sum:X2}\r\n"), values);
    }

    static string Angle(long raw, string degrees, char positive, char negative)
    {
        var (whole, minutes) = Math.DivRem(Math.Abs(raw), (long)StepsPerDegree);
        return string.Create(CultureInfo.InvariantCulture, $"{whole.ToString(degrees, CultureInfo.InvariantCulture)}{minutes / 10_000m:00.0000},{(raw < 0 ? negative : positive)}");
    }
}
