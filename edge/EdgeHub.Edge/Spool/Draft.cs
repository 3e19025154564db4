using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>A record to be: the spools give it its spool, number and sequences.</summary>
public sealed class Draft
{
    Draft(SpoolClass spoolClass, ReadOnlyMemory<Reading> readings, BlockClock clock, Record? record)
    {
        Class = spoolClass;
        Readings = readings;
        Clock = clock;
        Record = record;
    }

    public SpoolClass Class { get; }

    internal ReadOnlyMemory<Reading> Readings { get; }

    internal BlockClock Clock { get; }

    internal Record? Record { get; }

    /// <summary>A block: 1 to <see cref="WireLimits.ReadingsPerBlockMax"/> readings of streams of this class.</summary>
    public static Draft OfReadings(SpoolClass spoolClass, ReadOnlyMemory<Reading> readings, BlockClock clock) => new(spoolClass, readings, clock, null);

    /// <summary>Any other record.</summary>
    public static Draft OfRecord(SpoolClass spoolClass, Record record) => new(spoolClass, default, default, record);
}
