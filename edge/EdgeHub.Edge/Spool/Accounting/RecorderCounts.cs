using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>
/// The Recorder's own count of what it was told is durable, and when it says so in <see cref="Books"/>: when a spool begins, each
/// interval in which something changed, and at a clean stop. A spool is one writer's lifetime of one class, so a count begins at 0 with its
/// spool and never outlives it: no restart can make it disagree with what the journal holds. Touches no clock and no disk.
/// </summary>
public sealed class RecorderCounts(Catalog catalog, TimeSpan interval)
{
    readonly ulong[] recorded = new ulong[catalog.Streams.Count];
    readonly IReadOnlyList<SpoolClass> classes = ClassesOf(catalog);
    readonly SortedDictionary<SpoolClass, (ulong Recorded, ulong Unread)> said = [];
    readonly List<Books> closings = [];
    long dueMs = long.MaxValue;

    /// <summary>Readings recorded since this process started, by position of the stream in the catalog.</summary>
    public IReadOnlyList<ulong> Recorded => Array.AsReadOnly(recorded);

    /// <summary>By position of the stream.</summary>
    public IReadOnlyList<SpoolClass> Classes => classes;

    /// <summary>Class of each stream of a catalog.</summary>
    public static IReadOnlyList<SpoolClass> ClassesOf(Catalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return [.. catalog.Streams.Select(stream => stream.SpoolClass is SpoolClass.Unspecified ? SpoolClass.Normal : stream.SpoolClass)];
    }

    /// <summary>Last words on spools whose writers have ended, each given once: they go with the next books of a spool of this process.</summary>
    public Func<IReadOnlyList<Books>> Closings { get; init; } = () => [];

    /// <summary>Asks for the last words while what they count can be read.</summary>
    public void Begin(long nowMs)
    {
        closings.AddRange(Closings());
        dueMs = nowMs + (long)interval.TotalMilliseconds;
    }

    /// <summary>Every stream of the catalog in its order, those of other classes with 0.</summary>
    public IReadOnlyList<StreamCount> Of(SpoolClass spoolClass) =>
        [.. catalog.Streams.Select((stream, i) => new StreamCount { Sensor = stream.Sensor, Quantity = stream.Quantity, Count = classes[i] == spoolClass ? recorded[i] : 0 })];

    public void Count(in Reading reading) => recorded[reading.Stream]++;

    internal void Count(IReadOnlyList<Draft> durable)
    {
        foreach (var draft in durable)
            foreach (ref readonly var reading in draft.Readings.Span)
                Count(reading);
    }

    /// <summary>Whether an interval is over since the last time this was due.</summary>
    public bool IsDue(long nowMs) => nowMs >= dueMs;

    /// <summary>What stands in front of the drafts of one commit: the books of spools that begin with them, and of all with news when they are due.</summary>
    /// <param name="unread">Asked only when there is something to say.</param>
    internal List<Draft> Before(IReadOnlyList<Draft> drafts, long nowMs, Func<IReadOnlyList<Unread>> unread)
    {
        var isDue = IsDue(nowMs);
        if (isDue)
            dueMs = nowMs + (long)interval.TotalMilliseconds;
        var books = isDue ? News(unread) : [];
        foreach (var draft in drafts)
            if (!said.ContainsKey(draft.Class))
                Say(books, draft.Class, unread());
        return books;
    }

    /// <summary>The books of every class in which something happened since they were last told.</summary>
    internal List<Draft> News(Func<IReadOnlyList<Unread>> unread)
    {
        var books = new List<Draft>();
        var now = unread();
        foreach (var spoolClass in classes.Distinct().Order())
            if (Now(spoolClass, now) != said.GetValueOrDefault(spoolClass))
                Say(books, spoolClass, now);
        return books;
    }

    void Say(List<Draft> books, SpoolClass spoolClass, IReadOnlyList<Unread> unread)
    {
        said[spoolClass] = Now(spoolClass, unread);
        var told = new Record { Books = ToBooks(spoolClass, unread) };
        if (told.CalculateSize() > WireLimits.RecordBytesMax)
            told.Books.Unread.Clear();
        // A catalog of thousands of long names cannot be told at all: it has no books, and says so in the city by having none.
        if (told.CalculateSize() > WireLimits.RecordBytesMax)
            return;
        books.Add(Draft.OfRecord(spoolClass, told));
        if (spoolClass == SpoolClass.Local)
            return;
        closings.AddRange(Closings());
        books.AddRange(closings.Select(closing => Draft.OfRecord(spoolClass, new Record { Books = closing })));
        closings.Clear();
    }

    Books ToBooks(SpoolClass spoolClass, IReadOnlyList<Unread> unread)
    {
        var books = new Books();
        books.Recorded.AddRange(Of(spoolClass));
        books.Unread.AddRange(Of(spoolClass, unread));
        return books;
    }

    (ulong Recorded, ulong Unread) Now(SpoolClass spoolClass, IReadOnlyList<Unread> unread)
    {
        var sum = 0UL;
        for (var i = 0; i < classes.Count; i++)
            sum += classes[i] == spoolClass ? recorded[i] : 0;
        return (sum, Of(spoolClass, unread).Aggregate(0UL, (total, one) => total + one.Count));
    }

    IEnumerable<Unread> Of(SpoolClass spoolClass, IReadOnlyList<Unread> unread) =>
        unread.Where(one => catalog.Streams.Where((stream, i) => classes[i] == spoolClass && stream.Sensor == one.Sensor && stream.Quantity == one.Quantity).Any()).Take(WireLimits.CountsPerRecordMax);
}
