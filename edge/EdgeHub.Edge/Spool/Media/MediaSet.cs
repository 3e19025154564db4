using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// The media that the journal lies on: one, or two that hold the same.
/// <para>What always holds:</para>
/// <list type="bullet">
/// <item>The journal is written to one medium, the lead, by whoever records; the other follows on a thread of its own. So a slow
/// or hanging second medium delays nothing, and a commit counts as recorded once one medium has it.</item>
/// <item>When the lead refuses, the other becomes the lead within the same commit. When the first medium is back and has
/// everything, it leads again.</item>
/// <item>A segment has one header, and where both media have it, the same entries at the same offsets. What was written apart
/// has headers of its own, so on return the contents are joined by reading both: a set union over spool and number.</item>
/// <item>What the follower lacks is kept in memory up to a limit: a lead that dies takes nothing along that is less behind.</item>
/// </list>
/// </summary>
sealed class MediaSet(Medium primary, Medium? mirror, Unmirrored unmirrored, bool closesDisks)
{
    const int DiskFull = 28; // ENOSPC
    const int QuotaFull = 122; // EDQUOT

    volatile Medium? chosen;

    public static MediaSet Create(MediaSetup setup, SpoolOptions options, TimeProvider time, Func<UInt128> newId, ILogger log)
    {
        var ordinals = new Ordinals();
        Medium Of(string name, Func<IDisk> open, long quotaBytes)
        {
            var disk = new MediumDisk(name, open);
            var pool = new SegmentPool(disk, options, ordinals, () => (ulong)newId(), log);
            pool.MayGrow = bytes => pool.Bytes + bytes <= quotaBytes && disk.FreeBytes - bytes >= options.FreeFloorBytes;
            return new Medium(disk, pool, quotaBytes, time, log);
        }

        var mirror = setup.Mirror is { } second ? Of("second", setup.OpenMirror, second.QuotaBytes) : null;
        return new MediaSet(Of("first", setup.OpenPrimary, options.QuotaBytes), mirror, new Unmirrored(setup.Mirror?.LagMaxBytes ?? 0, time), setup.ClosesDisks);
    }

    public Medium Primary { get; } = primary;

    public Medium? Mirror => mirror;

    public IReadOnlyList<Medium> All { get; } = mirror is null ? [primary] : [primary, mirror];

    public Unmirrored Unmirrored => unmirrored;

    public Medium Lead
    {
        get => chosen ?? Primary;
        set => chosen = value;
    }

    /// <summary>The one that is behind the lead; null when there is one medium only.</summary>
    public Medium? Follower => mirror is null ? null : Lead == Primary ? mirror : Primary;

    /// <summary>What is in no copy may be on a medium that is not there: as long as one is away nothing is called lost.</summary>
    public bool IsOneAway => IsRefusing || (mirror is not null && All.Any(medium => !medium.IsAttached));

    /// <summary>The last commit found no medium that takes it, and not for want of space.</summary>
    public bool IsRefusing { get; set; }

    /// <summary>Whether what cannot be read is gone for good: a medium that takes nothing either may yet come back with it.</summary>
    public bool IsSound()
    {
        try
        {
            MediumMark.Probe(Lead.Disk);
            return true;
        }
        catch (IOException e)
        {
            return e.HResult is DiskFull or QuotaFull;
        }
    }

    /// <summary>Where a commit may go, the lead first.</summary>
    public IEnumerable<Medium> ToWrite()
    {
        var (first, second) = (Lead, Follower);
        if (first.IsAttached || second is null)
            yield return first;
        if (second is { IsAttached: true, IsStuck: false })
            yield return second;
    }

    /// <summary>Every segment that may be read, those of the lead first.</summary>
    public IReadOnlyList<Segment> Used() =>
        Follower is { IsStuck: false } second ? [.. Lead.Pool.Used(), .. second.Pool.Used()] : Lead.Pool.Used();

    public void Close()
    {
        foreach (var medium in All)
        {
            medium.Pool.Close();
            if (closesDisks)
                medium.Disk.Close();
        }
    }
}
