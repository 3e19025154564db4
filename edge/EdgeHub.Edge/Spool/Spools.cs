using EdgeHub.Hosting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Everything the box has recorded and not yet let go of. The journal in front makes a commit durable, LiteDB behind it is
/// the second copy and the history.
/// <para>What always holds:</para>
/// <list type="bullet">
/// <item>A record is announced only after the fdatasync of its segment returned without error, and nothing reads it before.</item>
/// <item>A number means the same bytes for ever. What could not be written is held and offered again unchanged; what was
/// written is never changed; a spool is never appended to after a restart, so no number is given twice.</item>
/// <item>Only an ack whose digest equals ours, or a tombstone, shortens what waits; and bytes go only when the journal itself
/// says so on the medium.</item>
/// <item>From its recording on a record is in the journal, soon in a sealed LiteDB file too, and in both until it is acked
/// or tombstoned. Either copy alone serves every read.</item>
/// <item>What is found in no copy gets a tombstone: no gap without a record that says so.</item>
/// </list>
/// <para>Threads: <see cref="Append"/> and <see cref="Retry"/> belong to the Recorder, <see cref="Keep"/> to one background
/// thread, all else is for any thread. Two locks, always in this order: the <see cref="Writer"/>'s around the journal, then the book's gate
/// around what is known. No disk is touched under the gate.</para>
/// </summary>
public sealed partial class Spools : IDisposable
{
    /// <summary>How long an ack may wait for a commit to ride on.</summary>
    static readonly TimeSpan NotesDelayMax = TimeSpan.FromSeconds(5);

    readonly SpoolBook book;
    readonly SegmentPool pool;
    readonly PackShelf shelf;
    readonly Journal journal;
    readonly Writer writer;
    readonly RecordReader reader;
    readonly Releaser releaser;
    readonly Keeper keeper;
    readonly SpoolMetrics metrics;
    readonly RecordClock clock;
    readonly Mourner mourner;
    readonly Diagnosis diagnosis;
    readonly ILogger log;

    Spools(SpoolOptions options, IDisk disk, Catalog catalog, string version, TimeProvider time, Func<UInt128> newId, ILogger log)
    {
        this.log = log;
        clock = new RecordClock(time);
        book = new SpoolBook(options.TailBytes);
        pool = new SegmentPool(disk, options, () => (ulong)newId(), log);
        shelf = new PackShelf(disk, log);
        journal = new Journal(options, pool, clock, log);
        reader = new RecordReader(book, pool, shelf);
        var committer = new Committer(journal, book, new Composer(book, catalog, version, newId), clock, time);
        releaser = new Releaser(book, reader, committer, log);
        var medium = new Medium(log);
        writer = new Writer(book, committer, medium, metrics = new SpoolMetrics(() => Health));
        mourner = new Mourner(book, reader, committer, log);
        var thinner = new Thinner(book, pool, reader, mourner, writer.LetGo, time, log);
        keeper = new Keeper(options, book, pool, shelf, reader, new Sweeper(options, disk, book, pool, shelf, journal, thinner, clock, log), time, log);
        diagnosis = new Diagnosis(book, pool, keeper, committer, reader, mourner, thinner, medium, clock);
        pool.MayGrow = bytes => keeper.Bytes + bytes <= options.QuotaBytes && disk.FreeBytes - bytes >= options.FreeFloorBytes;
    }

    /// <summary>Records are durable and may be read. Raised on the Recorder's thread, under no lock: be quick.</summary>
#pragma warning disable CA1003 // A notice is a value; a sender and an object a commit would be garbage.
    public event Action<RecordedNotice>? Recorded
    {
        add => writer.Recorded += value;
        remove => writer.Recorded -= value;
    }
#pragma warning restore CA1003

    /// <summary>Opens what is on the medium, or begins.</summary>
    /// <param name="writer">Version of this program, for the openings of new spools.</param>
    /// <param name="newId">128 fresh random bits.</param>
    /// <exception cref="NewerFormatException">A newer program wrote there. Nothing was touched; exit with its code.</exception>
    /// <exception cref="IOException">The medium cannot be read.</exception>
    public static Spools Open(SpoolOptions options, IDisk disk, Catalog catalog, string writer, TimeProvider time, Func<UInt128> newId, ILogger<Spools> log)
    {
        var spools = new Spools(options, disk, catalog, writer, time, newId, log);
        try
        {
            spools.Recover(new Recovery(disk, options, spools.book, spools.pool, spools.shelf, spools.reader, spools.clock, log));
            return spools;
        }
        catch
        {
            spools.Close();
            throw;
        }
    }

    /// <summary>
    /// Records the drafts: one write and one flush for all of them. True when they are durable. False when the medium refused:
    /// they are held with their numbers, and <see cref="Retry"/> says true when they are durable.
    /// </summary>
    public bool Append(IReadOnlyList<Draft> drafts) => writer.Append(drafts);

    /// <summary>Offers what is held to the medium again. True when nothing is held any more.</summary>
    public bool Retry() => writer.Retry();

    /// <summary>Every spool that is known: with something waiting, current, or still kept as history.</summary>
    public IReadOnlyList<SpoolView> Views()
    {
        lock (book.Gate)
            return [.. book.All.Where(spool => !spool.IsLocal).Select(spool => spool.View(book.Current.ContainsValue(spool)))];
    }

    /// <summary>
    /// Consecutive records from <paramref name="first"/> on, at least one however big, else within the limits. Null when the
    /// first is in no copy: it then counts as damaged, no longer waits, and gets its tombstone.
    /// </summary>
    public RecordRun? Read(SpoolId spool, ulong first, ulong last, int recordsMax, int bytesMax)
    {
        var state = Find(spool);
        if (state is null || first == 0 || recordsMax <= 0)
            return null;
        lock (book.Gate)
            last = Math.Min(last, state.Head);
        if (first > last)
            return null;
        var records = new List<ReadOnlyMemory<byte>>();
        RecordHash chainBefore = default;
        ulong readings = 0;
        var bytes = 0;
        reader.Read(state, first, last, record =>
        {
            if (records.Count > 0 && bytes + record.Bytes.Length > bytesMax)
                return false;
            chainBefore = records.Count == 0 ? record.ChainBefore : chainBefore;
            records.Add(record.Bytes);
            readings += record.Readings;
            bytes += record.Bytes.Length;
            return records.Count < recordsMax;
        });
        if (records.Count > 0)
            return new RecordRun(spool, state.Class, first, chainBefore, records, readings);
        mourner.Find(state, first, last);
        return null;
    }

    /// <summary>
    /// Lets go of what the city has committed, if its digest over the records' hashes, ascending by number, equals ours.
    /// Otherwise nothing is released.
    /// </summary>
    public ReleaseResult Release(SpoolId spool, IReadOnlyList<NumberRange> stored, IReadOnlyList<NumberRange> setAside, RecordHash digest)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(setAside);
        if (Find(spool) is not { } state)
            return new ReleaseResult(ReleaseOutcome.UnknownSpool, 0, 0);
        writer.WaitForTombstones(state, stored);
        return releaser.Release(state, stored, setAside, digest);
    }

    /// <summary>
    /// The city lost what it had acked. What is still kept waits again; for what is gone a tombstone is recorded.
    /// </summary>
    public void Unrelease(SpoolId spool, IReadOnlyList<NumberRange> missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        if (Find(spool) is { } state)
            releaser.Unrelease(state, missing);
    }

    /// <summary>
    /// The background's share: writes acks that found no commit to ride on, packs into LiteDB, seals, prepares and recycles
    /// segments, deletes history. Call it about once a second, from one thread.
    /// </summary>
    public void Keep()
    {
        writer.CommitNotes(NotesDelayMax);
        try
        {
            keeper.Keep(sealNow: false);
            pool.Prepare();
        }
        catch (IOException e)
        {
            LogNotPrepared(e);
        }
    }

    /// <summary>What of a spool can still be read: what waits, and the history that is kept.</summary>
    public RangeSet Held(SpoolId spool) => reader.Held(spool);

    public SpoolHealth Health => diagnosis.Health;

    /// <summary>A clean stop: what is held and noted is offered once more, and everything is sealed.</summary>
    public void Dispose()
    {
        try
        {
            writer.CommitNotes(TimeSpan.Zero);
            keeper.Keep(sealNow: true);
        }
        catch (IOException e)
        {
            // What is recorded is in the journal; the next start does what is missing here.
            LogNotSealed(e);
        }
        finally
        {
            Close();
        }
    }

    void Recover(Recovery recovery)
    {
        recovery.Run();
        journal.Continue(recovery.Last, recovery.LastCommit);
        foreach (var grave in recovery.Lost)
            mourner.Mourn(grave);
        keeper.Keep(sealNow: false);
    }

    SpoolState? Find(SpoolId spool)
    {
        lock (book.Gate)
            return book.Find(spool);
    }

    void Close()
    {
        keeper.Dispose();
        shelf.Dispose();
        pool.Close();
        metrics.Dispose();
    }

    [LoggerMessage(223, LogLevel.Warning, "The next journal segment cannot be prepared yet.")]
    private partial void LogNotPrepared(Exception error);

    [LoggerMessage(225, LogLevel.Error, "The spool is closed without sealing its second copy; the next start does that.")]
    private partial void LogNotSealed(Exception error);
}
