using EdgeHub.Edge.Spool.Ram;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>Everything that is written to the journal goes through here, one commit at a time, and is announced when it is durable.</summary>
sealed class Writer(SpoolBook book, Committer committer, RamRing ring, Recording recording, RecordClock clock, SpoolMetrics metrics)
{
    readonly Lock writing = new();

    /// <summary>Raised under no lock, on the thread whose commit it was.</summary>
    public event Action<RecordedNotice>? Recorded;

    /// <summary>See <see cref="Spools.Append"/>.</summary>
    public bool Append(IReadOnlyList<Draft> drafts)
    {
        // Behind what may be held: what made room for it was perhaps refused.
        lock (writing)
            committer.Take(drafts);
        return Retry();
    }

    /// <summary>Offers what is held to the medium again. True when nothing is held any more.</summary>
    public bool Retry()
    {
        List<RecordedNotice>? notices;
        lock (writing)
            notices = TryCommit();
        return Announce(notices);
    }

    /// <summary>See <see cref="Spools.Keep(IReadOnlyList{Draft})"/>.</summary>
    public void Keep(IReadOnlyList<Draft> blocks)
    {
        List<RecordedNotice> notices;
        lock (writing)
            notices = ring.Take(blocks);
        Announce(notices);
    }

    /// <summary>Acks and tombstones that found no commit to ride on for so long.</summary>
    public void CommitNotes(TimeSpan age)
    {
        List<RecordedNotice>? notices = null;
        lock (writing)
        {
            if (committer.IsHolding)
            {
                notices = TryCommit();
                if (notices is null)
                    TryCommitNotes();
            }
            else if (committer.NotesAge() >= age || committer.IsSnapshotDue || !ring.IsEmpty)
            {
                committer.Take([]);
                notices = TryCommit();
            }
        }

        Announce(notices);
    }

    /// <summary>
    /// Room is made: records go when what is said of them is on the medium. False when the medium refused, it is then held; or when
    /// something of it was acked meanwhile, and nothing is done.
    /// </summary>
    public bool LetGo(Farewell farewell)
    {
        List<RecordedNotice>? notices;
        lock (writing)
        {
            lock (book.Gate)
            {
                if (farewell.Graves.Any(grave => !grave.Spool.IsWaiting(grave.Numbers)))
                    return false;
                foreach (var grave in farewell.Graves)
                {
                    grave.Spool.Miss(grave);
                    committer.Add(grave);
                }
            }

            committer.Copy(farewell.Survivors);
            committer.Take(farewell.Aggregates);
            notices = TryCommit();
        }

        return Announce(notices);
    }

    /// <summary>An ack for records whose tombstone is being written: stored wins, and is counted once, when that commit has ended.</summary>
    public void WaitForTombstones(SpoolState spool, IReadOnlyList<NumberRange> stored)
    {
        lock (book.Gate)
            if (!stored.Any(range => spool.Holes.Within(range).Any()))
                return;
        writing.Enter();
        writing.Exit();
    }

    bool Announce(List<RecordedNotice>? notices)
    {
        foreach (var notice in notices ?? [])
            Recorded?.Invoke(notice);
        return notices is not null;
    }

    // Nothing can be recorded just now: acks must reach the medium all the same, for they are what makes room.
    void TryCommitNotes()
    {
        try
        {
            committer.CommitNotes();
        }
        catch (IOException e)
        {
            recording.Refused(e);
        }
    }

    // Behind what was held, in one commit; its spools are the book's from then on. What was committed before it is durable either way.
    List<RecordedNotice> TryRecordRing()
    {
        List<SpoolState> spools;
        List<Survivor> waiting;
        lock (book.Gate)
        {
            spools = [.. ring.All];
            waiting = ring.Waiting(clock.Now);
            spools.ForEach(book.Adopt);
        }

        try
        {
            committer.Record(waiting);
        }
        catch (IOException)
        {
            // Still in memory; once a second it is tried again.
            lock (book.Gate)
                spools.ForEach(book.GiveBack);
            return [];
        }

        List<Draft> lastWords;
        lock (book.Gate)
        {
            foreach (var (spool, stored, _) in waiting)
                spool.Keep(stored);
            lastWords = ring.Leave();
        }

        committer.Take(lastWords);
        return [.. waiting.Select(record => new RecordedNotice(record.Spool.Id, record.Spool.Class, new NumberRange(record.Stored.Number, record.Stored.Number), record.Stored.Bytes.Length)), .. CommitLastWords()];
    }

    // At once: no start after this one could count what was acked from memory.
    List<RecordedNotice> CommitLastWords()
    {
        try
        {
            return committer.Commit();
        }
        catch (IOException)
        {
            // They are held, and go with the next commit.
            return [];
        }
    }

    List<RecordedNotice>? TryCommit()
    {
        if (!committer.HasWork && ring.IsEmpty)
            return [];
        try
        {
            var notices = committer.Commit();
            metrics.Committed(notices, committer.LastSync);
            recording.Took();
            if (!ring.IsEmpty)
                notices.AddRange(TryRecordRing());
            return notices;
        }
        catch (IOException e)
        {
            recording.Refused(e);
            return null;
        }
    }
}
