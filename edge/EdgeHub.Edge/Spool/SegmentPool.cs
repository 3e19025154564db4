using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The journal's files: those in use, in the order of their use, and the free ones. A file is made once, zero-filled and
/// synced with its directory, and then used again and again: a flush of blocks that are already there moves no metadata.
/// </summary>
sealed partial class SegmentPool(IDisk disk, SpoolOptions options, Func<ulong> newSalt, ILogger log)
{
    /// <summary>Free segments kept back for what makes room: tombstones, aggregates, acks.</summary>
    const int ReserveCount = 1;

    /// <summary>
    /// Free segments for as many bytes as so many LiteDB files: sealing one frees at once all that the journal held of it,
    /// and what is deleted then must be written anew, zero by zero, before the next is sealed.
    /// </summary>
    const int FreePackFiles = 4;

    const string Suffix = ".journal";

    readonly int freeMax = Math.Max(ReserveCount + 1, (int)Math.Min(int.MaxValue, FreePackFiles * options.PackFileBytes / options.SegmentBytes));
    readonly Lock gate = new();
    readonly List<Segment> used = [];
    readonly Queue<IDiskFile> free = [];
    Segment? spare;
    ulong lastOrdinal;
    int lastName;

    /// <summary>Bytes of all files, used and free.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
                return (long)options.SegmentBytes * (used.Count + free.Count + (spare is null ? 0 : 1));
        }
    }

    /// <summary>Whether another file fits the quota; asked before one is made.</summary>
    public Func<long, bool> MayGrow { get; set; } = _ => true;

    public static bool IsName(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    public IReadOnlyList<Segment> Used()
    {
        lock (gate)
            return [.. used];
    }

    /// <summary>At start: a file that recovery found in use.</summary>
    public void Adopt(Segment segment)
    {
        lastOrdinal = Math.Max(lastOrdinal, segment.Header.Ordinal);
        lastName = Math.Max(lastName, NumberOf(segment.File.Name));
        used.Add(segment);
    }

    /// <summary>At start: a segment that was prepared and never written.</summary>
    public void AdoptFree(Segment segment)
    {
        lastOrdinal = Math.Max(lastOrdinal, segment.Header.Ordinal);
        AdoptFree(segment.File);
    }

    /// <summary>At start: a file of the right size without anything in it.</summary>
    public void AdoptFree(IDiskFile file)
    {
        lastName = Math.Max(lastName, NumberOf(file.Name));
        free.Enqueue(file);
    }

    /// <summary>The next segment to write, its header on the medium. At best prepared long before.</summary>
    /// <exception cref="IOException">There is none, and none can be made.</exception>
    public Segment Take(bool mayUseReserve)
    {
        lock (gate)
        {
            var segment = spare ?? PrepareOne(mayUseReserve);
            spare = null;
            used.Add(segment);
            return segment;
        }
    }

    /// <summary>In the background: has the next segment ready, and one kept back.</summary>
    /// <exception cref="IOException">The medium refuses, or the quota does.</exception>
    public void Prepare()
    {
        lock (gate)
        {
            while (free.Count < ReserveCount)
                free.Enqueue(CreateFile());
            spare ??= PrepareOne(mayUseReserve: false);
        }
    }

    /// <summary>A segment of which nothing is owed any more. What is in it is not read again, not even by the next start.</summary>
    public void Recycle(Segment segment)
    {
        lock (gate)
        {
            used.Remove(segment);
            if (!segment.IsBroken && free.Count < freeMax && TryErase(segment.File))
            {
                free.Enqueue(segment.File);
                return;
            }
        }

        segment.File.Dispose();
        disk.Delete(segment.File.Name);
    }

    /// <summary>Free files that stand ready for rotations to come, without the one kept back.</summary>
    public int Ready
    {
        get
        {
            lock (gate)
                return Math.Max(0, free.Count - ReserveCount) + (spare is null ? 0 : 1);
        }
    }

    /// <summary>Deletes a free file beyond the one kept back. False when there is none.</summary>
    public bool GiveBack()
    {
        IDiskFile file;
        lock (gate)
        {
            if (free.Count <= ReserveCount)
                return false;
            file = free.Dequeue();
        }

        file.Dispose();
        disk.Delete(file.Name);
        return true;
    }

    public void Close()
    {
        lock (gate)
        {
            foreach (var segment in used)
                segment.File.Dispose();
            foreach (var file in free)
                file.Dispose();
            spare?.File.Dispose();
        }
    }

    bool TryErase(IDiskFile file)
    {
        try
        {
            SegmentHeader.Erase(file, options.SegmentBytes);
            return true;
        }
        catch (IOException e)
        {
            LogUnusable(e, file.Name);
            return false;
        }
    }

    Segment PrepareOne(bool mayUseReserve)
    {
        var file = NextFile(mayUseReserve, out var isReserve);
        var header = new SegmentHeader(lastOrdinal + 1, newSalt());
        try
        {
            header.Write(file, options.SegmentBytes);
            file.Sync();
        }
        catch (IOException e)
        {
            // Never written again, and nothing is in it: it goes.
            LogUnusable(e, file.Name);
            Discard(file);
            throw;
        }

        lastOrdinal++;
        return new Segment(file, header, options.SegmentBytes) { IsReserve = isReserve };
    }

    IDiskFile NextFile(bool mayUseReserve, out bool isReserve)
    {
        isReserve = false;
        if (free.Count > ReserveCount)
            return free.Dequeue();
        try
        {
            return CreateFile();
        }
        catch (IOException) when (mayUseReserve && free.Count > 0)
        {
            isReserve = true;
            return free.Dequeue();
        }
    }

    IDiskFile CreateFile()
    {
        if (!MayGrow(options.SegmentBytes))
            throw new QuotaException("The spool's quota has no room for another journal segment.");
        var name = (lastName + 1).ToString("D8", CultureInfo.InvariantCulture) + Suffix;
        var file = disk.Create(name);
        lastName++;
        try
        {
            file.Allocate(options.SegmentBytes);
            file.Sync();
            disk.SyncDirectory();
            return file;
        }
        catch (IOException)
        {
            Discard(file);
            throw;
        }
    }

    void Discard(IDiskFile file)
    {
        file.Dispose();
        try
        {
            disk.Delete(file.Name);
        }
        catch (IOException e)
        {
            LogUnusable(e, file.Name);
        }
    }

    static int NumberOf(string name) =>
        int.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LoggerMessage(201, LogLevel.Error, "Journal segment {Segment} cannot be used.")]
    private partial void LogUnusable(Exception error, string segment);
}
