using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>Sees to it that no record vanishes without a tombstone: what no copy has any more no longer waits and gets one.</summary>
sealed partial class Mourner(SpoolBook book, MediaSet media, RecordReader reader, Committer committer, ILogger log)
{
    /// <summary>Records of one tombstone that a read found necessary; what lies behind is found by the next read.</summary>
    const ulong HoleMax = 1024;

    /// <summary>Records found in no copy since this process started. Guarded by the book's gate.</summary>
    public ulong DamagedRecords { get; private set; }

    /// <summary>From a number that could not be read, all that is unreadable: a readable neighbour says how many readings are gone.</summary>
    public void Find(SpoolState spool, ulong number, ulong last)
    {
        if (!IsWaiting(spool, number) || media.IsOneAway || !media.IsSound())
            return;
        var end = number;
        while (end < last && end - number < HoleMax && IsWaiting(spool, end + 1) && !reader.Has(spool, end + 1))
            end++;
        Bury(spool, new NumberRange(number, end));
    }

    void Bury(SpoolState spool, NumberRange numbers)
    {
        var grave = reader.Bury(spool, numbers, TombstoneReason.Damaged);
        lock (book.Gate)
        {
            // Meanwhile another reader may have found it too.
            if (!spool.IsWaiting(numbers))
                return;
            spool.Miss(grave);
            Mourn(grave);
        }

        LogDamaged(spool.Id, grave.Numbers);
    }

    /// <summary>What waits and is in no copy: while a medium was away it might have been there.</summary>
    public void Search()
    {
        List<(SpoolState Spool, IReadOnlyList<NumberRange> Waiting)> owed;
        lock (book.Gate)
            owed = [.. book.All.Select(spool => (spool, spool.Waiting()))];
        foreach (var (spool, waiting) in owed)
        {
            var held = reader.Held(spool.Id);
            foreach (var hole in waiting.SelectMany(held.GapsIn))
                Bury(spool, hole);
        }
    }

    /// <summary>The next commit carries its tombstone.</summary>
    public void Mourn(Grave grave)
    {
        lock (book.Gate)
        {
            committer.Add(grave);
            DamagedRecords += grave.Numbers.Count;
        }
    }

    bool IsWaiting(SpoolState spool, ulong number)
    {
        lock (book.Gate)
            return spool.IsWaiting(number);
    }

    [LoggerMessage(222, LogLevel.Error, "Records {Numbers} of spool {Spool} are in no copy any more; a tombstone says so.")]
    private partial void LogDamaged(SpoolId spool, NumberRange numbers);
}
