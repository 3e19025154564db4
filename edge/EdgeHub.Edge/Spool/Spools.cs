using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Ram;
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
    readonly RamRing ring;
    readonly MediaSet media;
    readonly Follower? follower;
    readonly PackShelf shelf;
    readonly Journal journal;
    readonly Writer writer;
    readonly RecordReader reader;
    readonly Recovery recovery;
    readonly Releaser releaser;
    readonly Keeper keeper;
    readonly SpoolMetrics metrics;
    readonly RecordClock clock;
    readonly Mourner mourner;
    readonly Diagnosis diagnosis;
    readonly Accounts accounts;
    readonly Closing closing;
    readonly ILogger log;
    IReadOnlyList<SpoolState> ended = [];

    Spools(SpoolOptions options, MediaSetup setup, Catalog catalog, string version, TimeProvider time, Func<UInt128> newId, ILogger log)
    {
        this.log = log;
        clock = new RecordClock(time);
        book = new SpoolBook(options.TailBytes);
        media = MediaSet.Create(setup, options, time, newId, log);
        shelf = new PackShelf(media.Primary.Disk, log);
        journal = new Journal(options, media, clock, log);
        ring = new RamRing(book, catalog, version, newId, options, log);
        reader = new RecordReader(book, ring, media, shelf);
        var committer = new Committer(journal, book, new Composer(book, catalog, version, newId), clock, time);
        releaser = new Releaser(book, media, reader, committer, log);
        var recording = new Recording(media, log);
        writer = new Writer(book, committer, ring, recording, clock, metrics = new SpoolMetrics(() => Health));
        mourner = new Mourner(book, media, reader, committer, log);
        var thinner = new Thinner(book, media, reader, mourner, writer.LetGo, time, log);
        var sweeper = new Sweeper(options, book, media, shelf, journal, thinner, clock, log);
        keeper = new Keeper(options, book, media, shelf, reader, sweeper, time, log);
        var union = new Union(book, reader, committer, log);
        var doorkeeper = new Doorkeeper(media, new Ownership(setup.Gateway, newId), log);
        if (setup.Mirror is { } mirror)
            follower = new Follower(mirror, media, journal, sweeper, doorkeeper, union, new Scrub(mirror, time, log), new SegmentCopier(media, book, journal, sweeper, clock, log), book, shelf, options, clock, time, log) { Joined = () => Joined?.Invoke(), Complete = mourner.Search };
        recovery = new Recovery(options, book, media, doorkeeper, shelf, union, reader, clock, log);
        accounts = new Accounts(book, reader, log);
        closing = new Closing(book, reader);
        diagnosis = new Diagnosis(book, ring, media, follower, keeper, committer, reader, mourner, thinner, recording, accounts, clock);
        media.Primary.Pool.MayGrow = bytes => keeper.Bytes + bytes <= options.QuotaBytes && media.Primary.Disk.FreeBytes - bytes >= options.FreeFloorBytes;
    }

    /// <summary>Records are durable and may be read. Raised on the Recorder's thread, under no lock: be quick.</summary>
#pragma warning disable CA1003 // A notice is a value; a sender and an object a commit would be garbage.
    public event Action<RecordedNotice>? Recorded
    {
        add => writer.Recorded += value;
        remove => writer.Recorded -= value;
    }

    /// <summary>
    /// A medium that came back brought records that nobody announced here: what waits is to be asked for anew. Raised on the thread of
    /// <see cref="Mirror"/>.
    /// </summary>
    public event Action? Joined;

    /// <summary>The Recorder's count of a stream and the journal's differ: a sentence that says where. Raised on any thread.</summary>
    public event Action<string>? BooksDiffer
    {
        add => accounts.Differs += value;
        remove => accounts.Differs -= value;
    }
#pragma warning restore CA1003

    /// <summary>Opens what is on the medium, or begins.</summary>
    /// <param name="writer">Version of this program, for the openings of new spools.</param>
    /// <param name="newId">128 fresh random bits.</param>
    /// <exception cref="NewerFormatException">A newer program wrote there. Nothing was touched; exit with its code.</exception>
    /// <exception cref="IOException">The medium cannot be read.</exception>
    public static Spools Open(SpoolOptions options, IDisk disk, Catalog catalog, string writer, TimeProvider time, Func<UInt128> newId, ILogger<Spools> log) =>
        Open(options, MediaSetup.Of(disk), catalog, writer, time, newId, log);

    /// <summary>The same on one medium or two: with two, what either of them has is enough.</summary>
    public static Spools Open(SpoolOptions options, MediaSetup setup, Catalog catalog, string writer, TimeProvider time, Func<UInt128> newId, ILogger<Spools> log)
    {
        var spools = new Spools(options, setup, catalog, writer, time, newId, log);
        try
        {
            spools.Recover();
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

    /// <summary>
    /// While no medium takes a commit: keeps blocks in memory, from where they may be sent. They are lost with the power until
    /// they are acked, or recorded because a medium takes writes again.
    /// </summary>
    public void Keep(IReadOnlyList<Draft> blocks) => writer.Keep(blocks);

    /// <summary>Every spool that is known: with something waiting, current, or still kept as history.</summary>
    public IReadOnlyList<SpoolView> Views()
    {
        lock (book.Gate)
            return [.. book.All.Concat(ring.All).Where(spool => !spool.IsLocal).Select(spool => spool.View(book.Current.ContainsValue(spool) || spool.IsVolatile))];
    }

    /// <summary>
    /// Consecutive records from <paramref name="first"/> on, at least one however big, else within the limits. Null when the
    /// first is in no copy: it then counts as damaged, no longer waits, and gets its tombstone. Null too when it has one: were
    /// it sent all the same, because the memory still has it, it would be counted as stored and as lost.
    /// </summary>
    public RecordRun? Read(SpoolId spool, ulong first, ulong last, int recordsMax, int bytesMax)
    {
        var state = Find(spool);
        if (state is null || first == 0 || recordsMax <= 0)
            return null;
        lock (book.Gate)
            last = state.Present(first, Math.Min(last, state.Head));
        if (first > last)
            return null;
        if (reader.ReadRun(state, first, last, recordsMax, bytesMax) is { } run)
            return run;
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
        accounts.Turn();
        try
        {
            keeper.Keep(sealNow: false);
            if (media.Lead == media.Primary && media.Primary.IsAttached)
                media.Primary.Pool.Prepare();
        }
        catch (IOException e)
        {
            LogNotPrepared(e);
        }
    }

    /// <summary>
    /// The last words, once, on spools of processes before, also those that a medium brought, where they had none of their own. Reads back what was
    /// recorded within some hours.
    /// </summary>
    public IReadOnlyList<Books> Closings() => closing.Take();

    /// <summary>What was counted by whom, now.</summary>
    /// <param name="counts">The Recorder's; null while none runs.</param>
    public BoxBooks Books(string gateway, RecorderCounts? counts, IReadOnlyList<Unread> unread) =>
        new BoxBooksReader(book, accounts, closing, ended, diagnosis).Read(gateway, counts, unread);

    /// <summary>What of a spool can still be read: what waits, and the history that is kept.</summary>
    public RangeSet Held(SpoolId spool) => reader.Held(spool);

    /// <summary>
    /// The second medium's share: brings each medium what only the other has, takes back in what was away. May be kept waiting
    /// by a slow medium, so from a thread of its own, about once a second and after commits.
    /// </summary>
    public void Mirror() => follower?.Turn();

    /// <summary>Ends with the next commit that a second medium is to get.</summary>
    public Task MirrorNews => media.Unmirrored.News;

    public SpoolHealth Health => diagnosis.Health;

    /// <summary>A clean stop: what is held and noted is offered once more, and everything is sealed.</summary>
    public void Dispose()
    {
        try
        {
            writer.CommitNotes(TimeSpan.Zero);
            keeper.Keep(sealNow: true);
            if (!media.All.Any(medium => medium.IsStuck))
                follower?.Turn();
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

    void Recover()
    {
        recovery.Run();
        ended = [.. book.All.Where(spool => spool.IsLastOfClass && !spool.IsLocal)];
        book.Ended.AddRange(ended);
        journal.Continue(recovery.Last, recovery.LastCommit, recovery.Lineage);
        foreach (var grave in recovery.Lost)
            mourner.Mourn(grave);
        closing.Count();
        keeper.Keep(sealNow: false);
        follower?.Measure();
    }

    SpoolState? Find(SpoolId spool)
    {
        lock (book.Gate)
            return book.Find(spool) ?? ring.Find(spool);
    }

    void Close()
    {
        keeper.Dispose();
        shelf.Dispose();
        media.Close();
        metrics.Dispose();
    }

    [LoggerMessage(223, LogLevel.Warning, "The next journal segment cannot be prepared yet.")]
    private partial void LogNotPrepared(Exception error);

    [LoggerMessage(225, LogLevel.Error, "The spool is closed without sealing its second copy; the next start does that.")]
    private partial void LogNotSealed(Exception error);
}
