using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>
/// What the records of one spool hold, stream by stream, counted as they are read back in order: the journal's own word, beside that of
/// the <see cref="RecorderCounts"/>. Without the catalog it begins at the first <see cref="Books"/>, which name every stream.
/// </summary>
public sealed class SpoolTally
{
    readonly List<StreamCount> counts = [];
    bool isKnown;

    /// <summary>By position of the stream in the catalog; empty while it is not known what came before.</summary>
    public IReadOnlyList<StreamCount> Counts => isKnown ? counts : [];

    public ulong Total => Counts.Aggregate(0UL, (sum, one) => sum + one.Count);

    /// <summary>The next record of the spool.</summary>
    /// <returns>What differs when these are books; null when nothing does.</returns>
    public BooksDifference? Take(Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        switch (record.KindCase)
        {
            case Record.KindOneofCase.Catalog when !isKnown && record.Opening is not null:
                Begin(record.Catalog.Streams.Select(stream => new StreamCount { Sensor = stream.Sensor, Quantity = stream.Quantity }));
                return null;
            case Record.KindOneofCase.Block when isKnown:
                Add(record.Block);
                return null;
            case Record.KindOneofCase.Books when record.Books.Spool.IsEmpty:
                var difference = isKnown ? Compare(record.Books) : null;
                Begin(record.Books.Recorded.Select(one => one.Clone()));
                return difference;
            default:
                return null;
        }
    }

    /// <summary>A record could not be read: what it held is not known, and nothing is compared before the books after it.</summary>
    public void Miss() => isKnown = false;

    void Begin(IEnumerable<StreamCount> from)
    {
        counts.Clear();
        counts.AddRange(from);
        isKnown = true;
    }

    void Add(Block block)
    {
        var position = 0u;
        for (var i = 0; i < block.Stream.Count && i < block.Count.Count; i++)
        {
            position += block.Stream[i];
            if (position < counts.Count)
                counts[(int)position].Count += block.Count[i];
        }
    }

    BooksDifference? Compare(Books books)
    {
        for (var i = 0; i < counts.Count; i++)
        {
            var said = i < books.Recorded.Count ? books.Recorded[i].Count : 0;
            if (said != counts[i].Count)
                return new BooksDifference($"{counts[i].Sensor}/{counts[i].Quantity}", said, counts[i].Count);
        }

        return Total == books.LastSequence ? null : new BooksDifference("all streams", books.LastSequence, Total);
    }
}
