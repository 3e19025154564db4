using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Brings each medium what only the other has, takes back in what was away, and gives back what is no longer needed on the
/// one that follows. Every turn does what there is to do; nobody who records waits for it. One thread at a time.
/// </summary>
sealed partial class Follower(MirrorOptions options, MediaSet media, Journal journal, Sweeper sweeper, Doorkeeper doorkeeper, Union union, Scrub scrub, SegmentCopier copier, SpoolBook book, PackShelf shelf, SpoolOptions spool, RecordClock clock, TimeProvider time, ILogger log)
{
    /// <summary>How long the first medium must have everything before it leads again: a loose plug must not cost a segment each time.</summary>
    static readonly TimeSpan StableMin = TimeSpan.FromSeconds(60);

    long? stableSince;

    /// <summary>A medium brought records that were recorded while it was away from here: they wait now.</summary>
    public Action Joined { get; init; } = () => { };

    /// <summary>No medium is away any more: what no copy has is lost now.</summary>
    public Action Complete { get; init; } = () => { };

    /// <summary>Bytes of the journal that the follower lacks.</summary>
    public long LagBytes { get; private set; }

    /// <summary>Age of the oldest commit that one medium alone has.</summary>
    public TimeSpan Lag => media.Unmirrored.Age;

    public bool IsBehind => LagBytes > options.LagMaxBytes || Lag > options.LagMax;

    public MirrorHealth Health => new(
        media.Primary.Condition,
        media.Primary.Sentence,
        media.Mirror!.Condition,
        media.Mirror.Sentence,
        media.Lead == media.Mirror,
        media.Mirror.Pool.Bytes,
        LagBytes,
        Lag,
        scrub.Repaired,
        scrub.Rounds,
        scrub.Differing + union.Contradictions);

    public void Turn()
    {
        foreach (var medium in media.All)
            if (!medium.IsAttached && medium.IsDue)
                TakeIn(medium);
        var (lead, follower) = (media.Lead, media.Follower!);
        if (lead.IsAttached)
            Serve(lead, () =>
            {
                copier.Copy(follower, lead);
                if (lead.Condition != MediumCondition.Full)
                    lead.Works(isBehind: false, "");
            });
        if (follower.IsAttached && (follower.Condition != MediumCondition.Full || follower.IsDue))
            Serve(follower, () =>
            {
                follower.Disk.Check();
                copier.Copy(lead, follower);
                sweeper.Recycle(follower, SnapshotOn(follower), isTight: false, lead.IsAttached ? lead : null);
                follower.Pool.PrepareFree();
                Measure();
                Forget();
                follower.Works(IsBehind, $"{LagBytes} bytes");
                if (lead.IsAttached)
                    scrub.Turn(lead, follower);
            });
        Measure();
        LeadAgain();
    }

    void TakeIn(Medium medium)
    {
        var isJoined = false;
        using var scan = doorkeeper.Reopen(medium);
        if (scan is null)
        {
            medium.Pool.LetGo();
            return;
        }

        var found = new SpoolBook(0);
        if (!Serve(medium, () => scan.Read(found, medium.Pool, spool, clock)))
            return;
        var others = media.All.Where(other => other != medium).SelectMany(other => other.Pool.Used()).ToList();
        scan.FindForks(others);
        if (!scan.IsWithin(others, journal.Lineage) && !(scan.Newest is { } newest && journal.Began(newest)))
        {
            // What is new here is only safe behind a snapshot that knows of it.
            union.Merge(found, medium, isLive: true);
            journal.Lineage.Learn(scan.Segments);
            journal.BeginAnew();
            isJoined = true;
        }

        if (medium == media.Primary && !Serve(medium, () =>
            {
                shelf.TakeIn();
                book.AddSealed(shelf);
            }))
            return;
        medium.Attached();
        LogTakenIn(medium.Name, scan.Segments.Count);
        if (!media.IsOneAway)
            Complete();
        if (isJoined)
            Joined();
    }

    static bool Serve(Medium medium, Action work)
    {
        try
        {
            medium.Work(work);
            return true;
        }
        catch (IOException e)
        {
            medium.Fail(e);
            return false;
        }
    }

    // The newest segment here with a whole snapshot: what lies before it is needed for its records only.
    ulong SnapshotOn(Medium medium) => medium.Pool.Used().LastOrDefault(segment => segment.Whole > SegmentHeader.PageBytes && segment.Header.Ordinal <= journal.SnapshotOrdinal) is { } newest ? newest.Header.Ordinal : 0;

    /// <summary>Looks what either medium lacks.</summary>
    public void Measure() => LagBytes = copier.Missing(media.Lead, media.Follower!) + copier.Missing(media.Follower!, media.Lead);

    void Forget()
    {
        var kept = media.All.SelectMany(medium => medium.Pool.Used()).ToLookup(segment => segment.Header);
        media.Unmirrored.Forget(commit => kept[commit.Header].All(copier.IsSpent) || media.All.All(medium => medium.Pool.Find(commit.Header)?.Whole >= commit.End));
    }

    void LeadAgain()
    {
        if (media.Lead == media.Primary || LagBytes > 0 || media.Primary.Condition != MediumCondition.Ok)
        {
            stableSince = null;
            return;
        }

        stableSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(stableSince.Value) < StableMin)
            return;
        media.Lead = media.Primary;
        LogLeadsAgain();
    }

    [LoggerMessage(244, LogLevel.Information, "The {Medium} medium is taken in with {Segments} journal segments.")]
    private partial void LogTakenIn(string medium, int segments);

    [LoggerMessage(245, LogLevel.Information, "The first medium has everything again and is written first.")]
    private partial void LogLeadsAgain();
}
