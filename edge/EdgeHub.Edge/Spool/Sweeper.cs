using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Makes space: gives back journal segments of which nothing is owed, deletes history that is too old, too much, or in the
/// way of what is to be recorded, has the <see cref="Thinner"/> let go when that is not enough, and forgets spools of which
/// nothing is left. On the thread of the <see cref="Keeper"/>.
/// </summary>
sealed partial class Sweeper(SpoolOptions options, SpoolBook book, MediaSet media, PackShelf shelf, Journal journal, Thinner thinner, RecordClock clock, ILogger log)
{
    /// <summary>Segments for which there is to be room before they are needed.</summary>
    const int AheadCount = 2;

    /// <summary>Segments of which one round lets go at most; the next round comes in a second.</summary>
    const int LetGoMax = 8;

    /// <summary>Of a sealed file so many records in one may still be owed when it must go: they are packed anew.</summary>
    const int OwedShare = 4;

    /// <param name="bytes">Everything of ours on the medium.</param>
    public void Sweep(Func<long> bytes)
    {
        var lead = media.Lead;

        // What is lacking for the segments to come; those that stand ready are there already.
        long Excess()
        {
            var ahead = (long)options.SegmentBytes * Math.Max(0, AheadCount - lead.Pool.Ready);
            return Math.Max((lead == media.Primary ? bytes() : lead.Pool.Bytes) + ahead - lead.QuotaBytes, options.FreeFloorBytes - lead.Disk.FreeBytes + ahead);
        }

        Free(lead, Excess);
        for (var i = 0; i < LetGoMax && Excess() > 0 && thinner.MakeRoom(); i++)
            Free(lead, Excess);
        if (Excess() + (AheadCount * (long)options.SegmentBytes) <= 0)
            thinner.Relax();
        ForgetSettled();
    }

    void Free(Medium lead, Func<long> excess)
    {
        // History in the journal alone is the first to go.
        Recycle(lead, journal.SnapshotOrdinal, isTight: excess() > 0);
        while (lead.Pool.Ready > AheadCount && excess() > 0 && GiveBack(lead.Pool))
        {
        }

        if (lead == media.Primary)
            DropHistory(excess());
    }

    bool GiveBack(SegmentPool pool)
    {
        try
        {
            return pool.GiveBack();
        }
        catch (IOException e)
        {
            LogNotFreed(e);
            return false;
        }
    }

    /// <summary>Gives back the segments on one medium of which nothing is owed.</summary>
    /// <param name="snapshotOrdinal">The segments before it are needed for their records only.</param>
    /// <param name="isTight">Records need not be in LiteDB: they are settled, and the space is wanted. History in the journal alone is
    /// the first to go.</param>
    /// <param name="other">Where what is settled need not be in LiteDB either, because it is there.</param>
    public void Recycle(Medium medium, ulong snapshotOrdinal, bool isTight, Medium? other = null)
    {
        foreach (var segment in medium.Pool.Used())
        {
            var isTwice = other?.Pool.Find(segment.Header)?.Whole >= segment.Tail;
            lock (book.Gate)
            {
                if (segment.Header.Ordinal >= snapshotOrdinal || !IsFree(segment, isTight || isTwice))
                    continue;
                if (!isTwice)
                    foreach (var (id, run) in segment.Runs)
                        if (book.Find(id) is { } spool)
                            foreach (var range in run.Numbers.SelectMany(range => spool.IsLocal ? [range] : spool.Settled.Within(range)).ToList())
                                spool.Unpacked.Remove(range);
            }

            try
            {
                medium.Pool.Recycle(segment);
            }
            catch (IOException e)
            {
                LogNotFreed(e);
            }
        }
    }

    /// <summary>Whether every record of a segment is settled: a second medium need not have it.</summary>
    public bool IsSettled(Segment segment)
    {
        lock (book.Gate)
            return IsFree(segment, isTight: true);
    }

    bool IsFree(Segment segment, bool isTight)
    {
        foreach (var (id, run) in segment.Runs)
            if (book.Find(id) is { } spool)
                foreach (var range in run.Numbers)
                    if ((!spool.IsSettled(range) && !spool.Settled.GapsIn(range).All(gap => IsJournaled(id, gap, after: segment.Header.Ordinal)))
                        || ((!isTight || spool.IsLocal) && !spool.Sealed.GapsIn(range).SelectMany(spool.Forgone.GapsIn).All(gap => spool.Tombstoned.ContainsAll(gap) || IsJournaled(id, gap, after: segment.Header.Ordinal))))
                        return false;
        return true;
    }

    void DropHistory(long excess)
    {
        var files = shelf.Files().Where(file => IsHistory(file, isTight: excess > 0)).OrderBy(file => file.SealedUnixMs).ToList();
        var history = files.Sum(file => file.Bytes);
        foreach (var file in files)
        {
            if (history <= options.HistoryBytes && clock.AgeOfFile(file.SealedUnixMs) < options.HistoryAge && excess <= 0)
                return;
            try
            {
                shelf.Delete(file);
            }
            catch (IOException e)
            {
                LogNotFreed(e);
                return;
            }

            history -= file.Bytes;
            excess -= file.Bytes;
            foreach (var (id, numbers) in file.Numbers)
            {
                var elsewhere = shelf.IntactNumbers(id);
                lock (book.Gate)
                    if (book.Find(id) is { } spool)
                        Forgo(spool, numbers, elsewhere);
            }
        }
    }

    // What is still owed of the file is in the journal and is packed anew; the rest is history there too.
    static void Forgo(SpoolState spool, RangeSet numbers, RangeSet elsewhere)
    {
        spool.Gone(numbers, elsewhere);
        spool.Forgone.AddAll(numbers);
        if (spool.IsLocal)
            return;
        var owed = numbers.SelectMany(spool.Settled.GapsIn).SelectMany(spool.Sealed.GapsIn).ToList();
        spool.Unpacked.AddAll(owed);
        spool.UnpackedBytes += owed.Count == 0 ? 0 : PackCodec.RawBytes;
    }

    // Nothing in it is owed to anyone; or when room must be made little is, and the journal has that.
    bool IsHistory(SealedFile file, bool isTight)
    {
        ulong owed = 0;
        ulong all = 0;
        lock (book.Gate)
            foreach (var (id, numbers) in file.Numbers)
                if (book.Find(id) is { IsLocal: false } spool)
                {
                    // Its last words are counted from it, at this start or a later one.
                    if (!isTight && spool.IsLastOfClass && !book.Current.ContainsValue(spool))
                        return false;
                    foreach (var range in numbers)
                    {
                        all += range.Count;
                        foreach (var gap in spool.Settled.GapsIn(range))
                        {
                            owed += gap.Count;
                            if (!IsJournaled(id, gap, after: 0))
                                return false;
                        }
                    }
                }

        return owed == 0 || (isTight && owed * OwedShare < all);
    }

    // Behind a segment: copied on when that was thinned.
    bool IsJournaled(SpoolId spool, NumberRange range, ulong after)
    {
        var held = new RangeSet();
        foreach (var segment in media.Used())
            if (segment.Header.Ordinal > after && !segment.IsBroken && segment.Runs.TryGetValue(spool, out var run))
                held.AddAll(run.Numbers.Within(range));
        return held.ContainsAll(range);
    }

    // Of spools of which nothing is kept and nothing owed the oldest are no longer mentioned; the last of a class stays as predecessor.
    void ForgetSettled()
    {
        lock (book.Gate)
        {
            var segments = media.All.SelectMany(medium => medium.Pool.Used()).ToList();
            var bare = book.All.Where(spool => IsBare(spool) && segments.All(segment => !segment.Runs.ContainsKey(spool.Id))).ToList();
            foreach (var spool in bare.SkipLast(options.BareSpoolsMax))
                book.Forget(spool);
        }
    }

    static bool IsBare(SpoolState spool) =>
        !spool.IsLastOfClass && spool.Unpacked.IsEmpty && spool.Packed.IsEmpty && spool.Sealed.IsEmpty && spool.Head > 0 && spool.IsSettled(new NumberRange(1, spool.Head));

    [LoggerMessage(215, LogLevel.Error, "Space on the medium cannot be freed.")]
    private partial void LogNotFreed(Exception error);
}
