using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Nmea;
using EdgeHub.Edge.Sensors.Nova;
using EdgeHub.Edge.Sensors.Plantower;
using EdgeHub.Edge.Sensors.Ranging;
using EdgeHub.Edge.Sensors.Winsen;

namespace EdgeHub.Edge.Finding;

/// <summary>Which instrument sends such bytes by itself. Pure.</summary>
public static class Recognition
{
    /// <summary>Checked frames before an instrument is believed in: one may be chance where the checksum has eight bits.</summary>
    const int FramesMin = 2;

    static readonly (string Driver, Func<FrameFormat> Format)[] Talkers =
    [
        ("pms5003", static () => new PlantowerFormat(PlantowerModel.Pms5003)),
        ("pms3003", static () => new PlantowerFormat(PlantowerModel.Pms3003)),
        ("pms5003st", static () => new PlantowerFormat(PlantowerModel.Pms5003St)),
        ("sds011", static () => new Sds011Format()),
        ("ze07-co", static () => new ZeFormat(ZeGas.Ze07Co)),
        ("ze08-ch2o", static () => new ZeFormat(ZeGas.Ze08Ch2O)),
        ("nmea", static () => new NmeaFormat()),
        ("a02yyuw", static () => new A02Format()),
    ];

    /// <summary>The driver, how many of its frames were there, and which instrument sent them where they say so; null when nobody is recognised.</summary>
    public static (string Driver, int Frames, string? Fingerprint)? Of(ReadOnlySpan<byte> heard)
    {
        (string Driver, int Frames, string? Fingerprint)? best = null;
        foreach (var (driver, format) in Talkers)
            if (Count(format(), driver == "nmea", heard) is var (frames, fingerprint) && frames >= FramesMin && frames > (best?.Frames ?? 0))
                best = (driver, frames, fingerprint);
        return best;
    }

    /// <summary>Whether it reads as lines of text.</summary>
    public static bool IsText(ReadOnlySpan<byte> heard)
    {
        var lines = 0;
        foreach (var b in heard)
            if (b == '\n')
                lines++;
            else if (b is not ((>= 0x20 and < 0x7F) or (byte)'\r' or (byte)'\t'))
                return false;
        return lines >= FramesMin;
    }

    // A receiver without a view of the sky sends sentences without values.
    static (int Frames, string? Fingerprint) Count(FrameFormat format, bool isEmptyFine, ReadOnlySpan<byte> heard)
    {
        var finder = new FrameFinder(format);
        var frames = 0;
        string? fingerprint = null;
        while (finder.Read(ref heard) is var status && status != FrameStatus.NeedMore)
            if (status == FrameStatus.Frame && (isEmptyFine || format.Parse(finder.Last).Values.Count > 0))
                (frames, fingerprint) = (frames + 1, format.Identity(finder.Last));
        return (frames, fingerprint);
    }
}
