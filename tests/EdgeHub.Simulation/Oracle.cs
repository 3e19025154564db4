using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.World;
using EdgeHub.Wire;

namespace EdgeHub.Simulation;

/// <summary>
/// The promise, watched: what the box announced as recorded is in the city's database exactly once with its value, or a tombstone
/// that was delivered names it; nothing is stored twice, altered, or out of nowhere; and no number stands for two things.
/// </summary>
sealed class Oracle(Func<TimeSpan> now, CityDatabase database, Story story)
{
    const int Tombstoned = 3;
    const int SetAside = 2;

    readonly Dictionary<double, KnownReading> read = [];
    readonly Dictionary<(SpoolId Spool, ulong Number), KnownRecord> records = [];

    // In the box's memory only: nothing is promised of them, but they must not come twice or altered.
    readonly Dictionary<(SpoolId Spool, ulong Number), KnownRecord> unpromised = [];
    readonly HashSet<(SpoolId Spool, ulong Sequence)> rows = [];
    readonly HashSet<double> storedValues = [];
    readonly Dictionary<(SpoolId Spool, string Stream), ulong> counts = [];
    long lastRow;
    int live;
    bool someAreGone;

    /// <summary>What went wrong first; null when nothing did.</summary>
    public string? Failure { get; private set; }

    /// <summary>What went wrong is what the oracle looks for, and not a program that broke.</summary>
    public bool IsPromiseBroken { get; private set; }

    /// <summary>The disk lies about its syncs: recorded means nothing, and only what is stored is looked at.</summary>
    public bool DiskLies { get; set; }

    /// <summary>The second copy was damaged, or history was deleted for age: what the city loses after its ack may be gone, with a tombstone.</summary>
    public bool HistoryMayBeGone { get; set; }

    /// <summary>No clock was wrong: every row's time must be right.</summary>
    public bool TimesMustBeRight { get; set; }

    /// <summary>What is recorded from then on is live: its lag is measured. Null while nothing is.</summary>
    public TimeSpan? LiveSince { get; set; }

    /// <summary>The longest from recording to storing, of what is live.</summary>
    public TimeSpan Lag { get; private set; }

    /// <summary>When the last reading from before <see cref="LiveSince"/> was stored.</summary>
    public TimeSpan BacklogStoredAt { get; private set; }

    /// <summary>Readings that were stored after that moment in the backlog's shadow: live ones, while old ones were still on their way.</summary>
    public int LiveAmongBacklog { get; private set; }

    public int Announced { get; private set; }

    public int Stored => rows.Count;

    /// <summary>Readings that the box had in memory only, for want of a medium.</summary>
    public int Volatile { get; private set; }

    /// <summary>The promise does not hold.</summary>
    public void Fail(string what)
    {
        IsPromiseBroken |= Failure is null;
        Abort(what);
    }

    /// <summary>A program broke: the seed has failed, and nothing is said of the promise.</summary>
    public void Abort(string what)
    {
        if (Failure is not null)
            return;
        Failure = what;
        story.Tell($"FAILED: {what}");
    }

    /// <summary>The sensor gave a value, and the box took it.</summary>
    public void Read(double value, int stream, long unixMs) => read.Add(value, new KnownReading(Streams.NameOf(stream), unixMs));

    public void Recorded(RecordedNotice notice, Spools spools)
    {
        for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
        {
            if (spools.Read(notice.Spool, number, number, 1, 1) is not { } run)
            {
                Fail($"{notice.Spool} {number} is announced and cannot be read");
                return;
            }

            var record = KnownRecord.Of(run.Records[0]);
            story.Tell($"recorded {notice.Spool} {number} {record.Hash}{(notice.IsVolatile ? " in memory" : "")}{(record.Books is { } said ? $" books of {(said.Spool.IsEmpty ? "its own" : Convert.ToHexString(said.Spool.Span))} up to {said.LastSequence}: {said.Recorded.Sum(one => (long)one.Count)}" : "")} {record.Values.Count}");
            if (notice.IsVolatile)
            {
                if (!unpromised.TryAdd((notice.Spool, number), record))
                    Fail($"{notice.Spool} {number} was kept in memory twice");
                for (var i = 0; i < record.Values.Count; i++)
                    Keep(record.Values[i], notice.Spool, record.FirstSequence + (ulong)i);
                continue;
            }

            if (unpromised.Remove((notice.Spool, number), out var kept))
            {
                // A medium takes writes again: from here on it is promised like the rest.
                if (kept.Hash != record.Hash)
                    Fail($"{notice.Spool} {number} was in memory with other bytes than are recorded");
                records.Add((notice.Spool, number), kept);
                Announced += kept.Values.Count;
                continue;
            }

            if (!records.TryAdd((notice.Spool, number), record))
                Fail(records[(notice.Spool, number)].Hash == record.Hash ? $"{notice.Spool} {number} was announced twice" : $"{notice.Spool} {number} was given to other bytes");
            foreach (var one in record.Books?.Recorded ?? [])
                if (one.Count != counts.GetValueOrDefault((notice.Spool, $"{one.Sensor}/{one.Quantity}")))
                    Fail($"the books in {notice.Spool} {number} say {one.Count} of {one.Sensor}/{one.Quantity}, and {counts.GetValueOrDefault((notice.Spool, $"{one.Sensor}/{one.Quantity}"))} were announced");
            for (var i = 0; i < record.Values.Count; i++)
                Recorded(record.Values[i], notice.Spool, record.FirstSequence + (ulong)i);
        }
    }

    /// <summary>The bridge has committed something: every new row is looked at.</summary>
    public void Committed()
    {
        foreach (var row in database.RowsAfter(lastRow))
        {
            lastRow = row.Key;
            if (!read.TryGetValue(row.Value, out var source) || source.Stream != row.Stream)
                Fail($"{row.Value} of {row.Stream} is stored and was never read");
            else if (!rows.Add((row.Spool, row.Sequence)) || !storedValues.Add(row.Value))
                Fail($"{row.Value} of {row.Stream} is stored twice");
            else if (TimesMustBeRight && Math.Abs(row.TimeMs - source.UnixMs) > 1)
                Fail($"{row.Value} of {row.Stream} has a time that is off by {row.TimeMs - source.UnixMs} ms");
            else
                Compare(row, source);
        }

        story.Tell($"{rows.Count} rows");
    }

    /// <summary>The database went back in time; so does what the oracle knows of it.</summary>
    public void Restored()
    {
        rows.Clear();
        storedValues.Clear();
        lastRow = 0;
        foreach (var record in records.Values)
            record.IsStored = false;
        Committed();
    }

    /// <summary>Spool and number of the first record that <see cref="Undelivered"/> counted.</summary>
    public string FirstUndelivered { get; private set; } = "";

    /// <summary>Records that are announced and neither stored nor tombstoned.</summary>
    public int Undelivered()
    {
        if (DiskLies)
            return 0;
        var (gone, aside, parked) = (database.Ledger(Tombstoned), database.Ledger(SetAside), database.Parked());
        var left = 0;
        foreach (var (key, record) in records)
        {
            if (aside.TryGetValue(key.Spool, out var kept) && kept.Contains(key.Number))
                Fail($"{key.Spool} {key.Number} was set aside");
            record.IsStored |= record.Values.TrueForAll(storedValues.Contains);
            if (record.IsStored || parked.ContainsKey(key))
                continue;
            if (!gone.TryGetValue(key.Spool, out var buried) || !buried.Contains(key.Number))
                (left, FirstUndelivered) = (left + 1, left == 0 ? $"{key.Spool} {key.Number}" : FirstUndelivered);
            else if (HistoryMayBeGone)
                someAreGone = true;
            else
                Fail($"{key.Spool} {key.Number} has a tombstone, and nothing had happened to it");
        }

        return left;
    }

    /// <summary>The books, after everything has come to rest.</summary>
    public void Balance(SpoolHealth health)
    {
        if (DiskLies || someAreGone)
            return;
        var lost = LostFromMemory();
        if (health.WaitingReadings != 0 || (long)health.TombstonedReadings > lost)
            Fail($"{health.WaitingReadings} readings wait and {health.TombstonedReadings} are tombstoned in the box's books, and all of them are stored");
        if (health.BooksDifferences != 0)
            Fail($"the box finds its own books different: {health.Sentence}");
        var parkedReadings = database.Parked().Values.Sum();
        // What was in memory only counts where it was recorded after all.
        var recorded = (long)health.RecordedReadings;
        var stored = rows.Count + parkedReadings;
        if (recorded > stored + lost || recorded < stored - Volatile)
            Fail($"the box counts {health.RecordedReadings} readings, the city has {rows.Count} rows and {parkedReadings} parked");
    }

    // The city had them from memory and forgot them in a restore: no medium ever took them, and a tombstone says so.
    long LostFromMemory()
    {
        var gone = database.Ledger(Tombstoned);
        return unpromised.Where(one => !records.ContainsKey(one.Key) && gone.TryGetValue(one.Key.Spool, out var buried) && buried.Contains(one.Key.Number)).Sum(one => (long)one.Value.Values.Count);
    }

    /// <summary>The city's books, every row counted anew: no difference, nothing open, and nothing that was recorded is outside of them.</summary>
    /// <param name="hasOneMedium">Of two the one that is there may be behind: to the city that looks like an older image, until the other is back, and says so.</param>
    /// <param name="isWhole">The last books came after the last reading.</param>
    public void Balance(GatewayBooks? books, SpoolHealth health, bool hasOneMedium, bool isWhole)
    {
        if (DiskLies || books is null)
            return;
        story.Tell($"books: {books.Cuts} cuts");
        if (database.Events(StoreEvent.BooksDiffer).Concat(hasOneMedium ? database.Events(StoreEvent.RestoredImage) : []).FirstOrDefault() is { } alarm)
            Fail($"the bridge gave an alarm: {alarm}");
        if (!books.Balances)
            Fail($"the city's books differ: {books.Differences[0]}");
        if (books.Open > 0)
            Fail($"{books.Open} of {books.Cuts} cuts wait for records, and none is on its way");
        if (isWhole && hasOneMedium && !someAreGone && books.Streams.Sum(stream => stream.Recorded) is var told && (told > (long)health.RecordedReadings || told < (long)health.RecordedReadings - Volatile))
            Fail($"the books tell of {told} readings, and {health.RecordedReadings} were recorded");
    }

    void Recorded(double value, SpoolId spool, ulong sequence)
    {
        Announced++;
        if (!read.TryGetValue(value, out var known))
            Fail($"{value} was recorded and never read");
        else if (known.Sequence > 0)
            Fail($"{value} was recorded twice");
        else
            Note(known, spool, sequence);
    }

    void Keep(double value, SpoolId spool, ulong sequence)
    {
        Volatile++;
        if (!read.TryGetValue(value, out var known) || known.Sequence > 0)
            Fail($"{value} was kept in memory and {(known is null ? "never read" : "recorded before")}");
        else
            Note(known, spool, sequence);
    }

    void Note(KnownReading known, SpoolId spool, ulong sequence)
    {
        (known.Spool, known.Sequence, known.RecordedAt) = (spool, sequence, now());
        counts[(spool, known.Stream)] = counts.GetValueOrDefault((spool, known.Stream)) + 1;
    }

    void Compare(CityRow row, KnownReading known)
    {
        // What was never announced may have become durable all the same: the cut came between the flush and the word of it.
        if (known.Sequence == 0)
            return;
        if (known.Sequence != row.Sequence || known.Spool != row.Spool)
            Fail($"{row.Value} of {row.Stream} was recorded as {known.Spool} {known.Sequence} and is stored as {row.Spool} {row.Sequence}");
        if (LiveSince is null)
            return;
        if (known.RecordedAt < LiveSince)
            (BacklogStoredAt, LiveAmongBacklog) = (now(), live);
        else
            Lag = ++live > 0 && now() - known.RecordedAt is var lag && lag > Lag ? lag : Lag;
    }
}
