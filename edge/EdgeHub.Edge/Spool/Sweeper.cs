using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Makes space: gives back journal segments of which nothing is owed, deletes history that is too old, too much, or in the
/// way of what is to be recorded, and forgets spools of which nothing is left. On the thread of the <see cref="Keeper"/>.
/// </summary>
sealed partial class Sweeper(SpoolOptions options, SpoolBook book, SegmentPool pool, PackShelf shelf, Journal journal, RecordClock clock, ILogger log)
{
    /// <summary>Segments for which there is to be room before they are needed.</summary>
    const int AheadCount = 2;

    public void Sweep(Func<long> bytes)
    {
        // What is lacking of the quota for the segments to come; those that stand ready are there already.
        long Excess() => bytes() + ((long)options.SegmentBytes * (AheadCount - pool.Ready)) - options.QuotaBytes;
        // History in the journal alone is the first to go.
        Recycle(isTight: Excess() > 0);
        while (pool.Ready > AheadCount && Excess() > 0 && GiveBack())
        {
        }

        DropHistory(Excess());
        ForgetSettled();
    }

    bool GiveBack()
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

    void Recycle(bool isTight)
    {
        foreach (var segment in pool.Used())
        {
            lock (book.Gate)
            {
                if (segment.Header.Ordinal >= journal.SnapshotOrdinal || !IsFree(segment, isTight))
                    continue;
                foreach (var (id, run) in segment.Runs)
                    foreach (var range in run.Numbers)
                        book.Find(id)?.Unpacked.Remove(range);
            }

            try
            {
                pool.Recycle(segment);
            }
            catch (IOException e)
            {
                LogNotFreed(e);
            }
        }
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
        var files = shelf.Files().Where(IsSettled).OrderBy(file => file.SealedUnixMs).ToList();
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
                    book.Find(id)?.Gone(numbers, elsewhere);
            }
        }
    }

    bool IsSettled(SealedFile file)
    {
        lock (book.Gate)
            return file.Numbers.All(pair => book.Find(pair.Key) is not { } spool || pair.Value.All(spool.IsSettled));
    }

    // Of spools of which nothing is kept and nothing owed the oldest are no longer mentioned; the last of a class stays as predecessor.
    void ForgetSettled()
    {
        lock (book.Gate)
        {
            var segments = pool.Used();
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
