using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Brings records and notes into the journal and, when they are durable, into the book. What could not be written is held,
/// byte for byte, until it is. One thread at a time: under the lock of the <see cref="Writer"/>.
/// </summary>
sealed class Committer(Journal journal, SpoolBook book, Composer composer, RecordClock clock, TimeProvider time)
{
    readonly List<Entry> entries = [];
    readonly List<int> offsets = [];
    readonly List<PendingRecord> held = [];
    readonly List<Survivor> survivors = [];
    SpoolState? lastWritten;

    // Offered to the medium already, in this order, and not known to be there.
    readonly List<Note> offered = [];

    // Guarded by the book's gate: an ack comes on another thread.
    readonly List<Note> notes = [];
    readonly List<Grave> graves = [];
    int inSnapshot;
    long notesSince;

    public bool IsHolding => held.Count > 0;

    public ulong Commits { get; private set; }

    public TimeSpan LastSync { get; private set; }

    /// <summary>Whether a commit would write anything.</summary>
    public bool HasWork
    {
        get
        {
            lock (book.Gate)
                return IsHolding || HasNotes || journal.IsAnewDue;
        }
    }

    bool HasNotes => offered.Count + notes.Count + graves.Count > 0;

    /// <summary>What another medium brought is in no snapshot yet, and is not copied before it is.</summary>
    public bool IsSnapshotDue => journal.IsAnewDue;

    /// <summary>How long the oldest note or tombstone has waited for a commit; negative when none waits.</summary>
    public TimeSpan NotesAge()
    {
        lock (book.Gate)
            return HasNotes ? time.GetElapsedTime(notesSince) : TimeSpan.MinValue;
    }

    /// <summary>To be written with the next commit. Under the book's gate.</summary>
    public void Add(Note note)
    {
        if (note.Spool.IsVolatile)
            return;
        if (!HasNotes)
            notesSince = time.GetTimestamp();
        // One that a snapshot knows in part must stay as it is: it could not be told later what of it was counted.
        if (notes.Count > inSnapshot && notes[^1].Kind == note.Kind && notes[^1].Spool == note.Spool)
            notes[^1] = notes[^1].With(note);
        else
            notes.Add(note);
    }

    /// <summary>A tombstone to be recorded with the next commit. Under the book's gate.</summary>
    public void Add(Grave grave)
    {
        if (!HasNotes)
            notesSince = time.GetTimestamp();
        graves.Add(grave);
    }

    /// <summary>Takes the drafts over. From here on they are recorded or held.</summary>
    public void Take(IReadOnlyList<Draft> drafts)
    {
        Grave[] buried;
        lock (book.Gate)
        {
            buried = [.. graves];
            graves.Clear();
        }

        held.AddRange(composer.Compose(drafts, buried, held));
    }

    /// <summary>Records of a segment that is to go, to be written once more with the next commit, byte for byte.</summary>
    public void Copy(IReadOnlyList<Survivor> records) => survivors.AddRange(records);

    /// <summary>
    /// What was in memory only becomes recorded: one commit with a snapshot that knows its spools, so that all of it is there or nothing.
    /// </summary>
    /// <exception cref="IOException">Not durable; nothing is held of it.</exception>
    public List<RecordedNotice> Record(IReadOnlyList<Survivor> records)
    {
        survivors.AddRange(records);
        journal.BeginAnew();
        try
        {
            return Commit(mayUseReserve: false);
        }
        catch (IOException)
        {
            survivors.RemoveRange(survivors.Count - records.Count, records.Count);
            throw;
        }
    }

    /// <summary>One write and one flush for all that is held and noted.</summary>
    /// <exception cref="IOException">Not durable; everything is still held.</exception>
    public List<RecordedNotice> Commit(bool mayUseReserve = true)
    {
        TakeNotes();
        entries.Clear();
        AddRecords();
        foreach (var note in offered)
            entries.Add(note.ToEntry());
        foreach (var record in held)
            if (record.Buries is { } grave)
                entries.Add(Note.Of(grave).ToEntry());
        if (entries.Count == 0 && !journal.IsAnewDue)
            return [];

        var start = time.GetTimestamp();
        // A block that is held has an earlier number than the tombstone that makes room for it, so it goes with it.
        var makesRoom = mayUseReserve && (held.TrueForAll(record => record.Stored.Readings == 0) || held.Exists(record => record.Buries is { Reason: TombstoneReason.Thinned or TombstoneReason.Dropped }));
        var segment = journal.Write(entries, Snapshot, makesRoom, offsets);
        LastSync = time.GetElapsedTime(start);
        Commits++;
        lock (book.Gate)
        {
            SettleNotes();
            return ApplyRecords(segment);
        }
    }

    /// <summary>While records are held for want of space: the acks alone, which make room, in the segment kept back if need be.</summary>
    /// <exception cref="IOException">Not durable; they are offered again.</exception>
    public void CommitNotes()
    {
        TakeNotes();
        if (offered.Count == 0)
            return;
        entries.Clear();
        foreach (var note in offered)
            entries.Add(note.ToEntry());
        journal.Write(entries, Snapshot, mayUseReserve: true, offsets);
        Commits++;
        lock (book.Gate)
            SettleNotes();
    }

    void TakeNotes()
    {
        lock (book.Gate)
        {
            offered.AddRange(notes);
            notes.Clear();
            inSnapshot = 0;
        }
    }

    void SettleNotes()
    {
        foreach (var note in offered)
            note.Settle();
        offered.Clear();
    }

    List<Entry> Snapshot()
    {
        lock (book.Gate)
        {
            inSnapshot = notes.Count;
            return book.Snapshot();
        }
    }

    void AddRecords()
    {
        var last = lastWritten;
        var (head, chain, total) = (last?.Head ?? 0, last?.Chain ?? default, last?.Readings ?? 0);
        foreach (var record in held)
        {
            // The spool written before is named with how far it came: its last record can then not vanish unnoticed.
            if (last is not null && last != record.Spool)
                entries.Add(new Entry(EntryKind.Head, last.Class, last.Id, head, chain, 0, total, default));
            entries.Add(ToEntry(record.Spool, record.Stored));
            (last, head, chain, total) = (record.Spool, record.Stored.Number, record.ChainAfter, record.Stored.ReadingsAfter);
        }

        foreach (var (spool, stored, _) in survivors)
            entries.Add(ToEntry(spool, stored));
    }

    static Entry ToEntry(SpoolState spool, in StoredRecord stored) =>
        new(EntryKind.Record, spool.Class, spool.Id, stored.Number, stored.ChainBefore, stored.Readings, stored.ReadingsBefore, stored.Bytes);

    List<RecordedNotice> ApplyRecords(Segment segment)
    {
        var notices = new List<RecordedNotice>();
        var next = 0;
        var now = clock.Now;
        int NextOffset()
        {
            while (entries[next].Kind != EntryKind.Record)
                next++;
            return offsets[next++];
        }

        foreach (var record in held)
        {
            var (spool, stored) = (record.Spool, record.Stored);
            segment.Add(spool.Id, stored.Number, NextOffset(), now);
            book.Admit(spool);
            book.Tail.Add(spool.Id, stored);
            spool.Advance(stored.Number, record.ChainAfter, stored.ReadingsAfter);
            spool.Keep(stored);
            lastWritten = spool;
            if (record.Buries is { } grave)
                Bury(grave);
            if (notices.Count > 0 && notices[^1].Spool == spool.Id)
                notices[^1] = notices[^1] with { Numbers = new NumberRange(notices[^1].Numbers.First, stored.Number), Bytes = notices[^1].Bytes + stored.Bytes.Length };
            else
                notices.Add(new RecordedNotice(spool.Id, spool.Class, new NumberRange(stored.Number, stored.Number), stored.Bytes.Length));
        }

        foreach (var (spool, stored, at) in survivors)
            segment.Add(spool.Id, stored.Number, NextOffset(), at);
        survivors.Clear();
        held.Clear();
        return notices;
    }

    static void Bury(Grave grave)
    {
        grave.Spool.Holes.Remove(grave.Numbers);
        grave.Spool.Bury(new RangeSet([grave.Numbers]), grave.Edges, grave.Readings);
        grave.Spool.Settled.Add(grave.Numbers);
        grave.Spool.Unpacked.Remove(grave.Numbers);
        grave.Spool.CountDownIfDone();
    }
}
