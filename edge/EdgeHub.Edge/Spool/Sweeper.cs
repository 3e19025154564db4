using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Makes space: gives back journal segments of which nothing is owed, deletes history that is too old, too much, or in the
/// way of what is to be recorded, and forgets spools of which nothing is left. On the thread of the <see cref="Keeper"/>.
/// </summary>
sealed partial class Sweeper(SpoolOptions options, SpoolBook book, MediaSet media, PackShelf shelf, Journal journal, TimeProvider time, ILogger log)
{
    /// <summary>Segments for which there is to be room before they are needed.</summary>
    const int AheadCount = 2;

    public void Sweep(Func<long> bytes)
    {
        var lead = media.Lead;
        // What is lacking of the quota for the segments to come; those that stand ready are there already.
        long Excess() => (lead == media.Primary ? bytes() : lead.Pool.Bytes) + ((long)options.SegmentBytes * (AheadCount - lead.Pool.Ready)) - lead.QuotaBytes;
        Recycle(lead, journal.SnapshotOrdinal, isTight: Excess() > 0);
        while (lead.Pool.Ready > AheadCount && Excess() > 0 && GiveBack(lead.Pool))
        {
        }

        if (lead == media.Primary)
            DropHistory(Excess());
        ForgetSettled();
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
            var isTwice = other?.Pool.Find(segment.Header)?.Tail >= segment.Tail;
            lock (book.Gate)
            {
                if (segment.Header.Ordinal >= snapshotOrdinal || !IsFree(segment, isTight || isTwice))
                    continue;
                if (!isTwice)
                    foreach (var (id, run) in segment.Runs)
                        foreach (var range in run.Numbers)
                            book.Find(id)?.Unpacked.Remove(range);
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
                    if (!spool.IsSettled(range) || ((!isTight || spool.IsLocal) && !spool.Sealed.ContainsAll(range)))
                        return false;
        return true;
    }

    void DropHistory(long excess)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var files = shelf.Files().Where(IsSettled).OrderBy(file => file.SealedUnixMs).ToList();
        var history = files.Sum(file => file.Bytes);
        foreach (var file in files)
        {
            if (history <= options.HistoryBytes && now - file.SealedUnixMs < options.HistoryAge.TotalMilliseconds && excess <= 0)
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
                    book.Find(id)?.Gone(numbers, elsewhere);
            }
        }
    }

    bool IsSettled(SealedFile file)
    {
        lock (book.Gate)
            return file.Numbers.All(pair => book.Find(pair.Key) is not { } spool || pair.Value.All(spool.IsSettled));
    }

    // A spool of which nothing is kept and nothing owed is no longer mentioned; the last of a class stays as predecessor.
    void ForgetSettled()
    {
        lock (book.Gate)
            foreach (var spool in book.All.Where(spool => !spool.IsLastOfClass && spool.Unpacked.IsEmpty && spool.Packed.IsEmpty && spool.Sealed.IsEmpty).ToList())
                if (spool.Head > 0 && spool.IsSettled(new NumberRange(1, spool.Head)) && media.All.All(medium => medium.Pool.Used().All(segment => !segment.Runs.ContainsKey(spool.Id))))
                    book.Forget(spool);
    }

    [LoggerMessage(215, LogLevel.Error, "Space on the medium cannot be freed.")]
    private partial void LogNotFreed(Exception error);
}
