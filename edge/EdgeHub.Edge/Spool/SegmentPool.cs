using EdgeHub.Edge.Spool.Media;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The journal's files on one medium: those in use, in the order of their use, and the free ones. A file is made once,
/// zero-filled and synced with its directory, and then used again and again: a flush of blocks that are already there moves no
/// metadata. No disk is touched under the lock over the lists: who reads them never waits for a medium.
/// </summary>
sealed class SegmentPool(IDisk disk, SpoolOptions options, Ordinals ordinals, Func<ulong> newSalt, ILogger log)
{
    /// <summary>Free segments kept back for what makes room: tombstones, aggregates, acks.</summary>
    const int ReserveCount = 1;

    /// <summary>
    /// Free segments for as many bytes as so many LiteDB files: sealing one frees at once all that the journal held of it,
    /// and what is deleted then must be written anew, zero by zero, before the next is sealed.
    /// </summary>
    const int FreePackFiles = 4;

    readonly int freeMax = Math.Max(ReserveCount + 1, (int)Math.Min(int.MaxValue, FreePackFiles * options.PackFileBytes / options.SegmentBytes));

    // Around the disk, taken before the gate.
    readonly Lock making = new();
    readonly Lock gate = new();
    readonly List<Segment> used = [];
    readonly Queue<IDiskFile> free = [];
    readonly SegmentFiles files = new(disk, options.SegmentBytes, log);
    Segment? spare;
    bool isOverdrawn;

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
    public Func<long, bool> MayGrow
    {
        set => files.MayGrow = value;
    }

    public static bool IsName(string name) => SegmentFiles.IsName(name);

    public IReadOnlyList<Segment> Used()
    {
        lock (gate)
            return [.. used];
    }

    /// <summary>The copy on this medium of a segment; a file that failed is none.</summary>
    public Segment? Find(SegmentHeader header)
    {
        lock (gate)
            return used.FindLast(segment => segment.Header == header && !segment.IsForked && !segment.IsBroken);
    }

    /// <summary>A segment that was found prepared and never written.</summary>
    public void AdoptFree(Segment segment)
    {
        lock (gate)
            used.Remove(segment);
        AdoptFree(segment.File);
    }

    /// <summary>A file that was found in use.</summary>
    public void Adopt(Segment segment)
    {
        _ = ordinals.TryUse(segment.Header.Ordinal);
        // What a file shows that failed before may be in the page cache alone.
        segment.IsBroken |= files.Meet(segment.File.Name);
        lock (gate)
            used.Add(segment);
    }

    /// <summary>A file of the right size without anything in it.</summary>
    public void AdoptFree(IDiskFile file)
    {
        if (files.Meet(file.Name))
            files.Discard(file);
        else
            Free(file);
    }

    /// <summary>The next segment to write, its header on the medium. At best prepared long before.</summary>
    /// <exception cref="IOException">There is none, and none can be made.</exception>
    public Segment Take(bool mayUseReserve)
    {
        lock (making)
        {
            var segment = TakeSpare();
            if (segment is null || !ordinals.TryUse(segment.Header.Ordinal))
            {
                // A spare that was prepared before another medium's segments came into use would stand before them.
                if (segment is not null)
                    Free(segment.File);
                segment = Head(new SegmentHeader(ordinals.Next(), newSalt()), mayUseReserve);
                _ = ordinals.TryUse(segment.Header.Ordinal);
            }

            lock (gate)
                used.Add(segment);
            return segment;
        }
    }

    /// <summary>A file for the copy of another medium's segment, under the same header.</summary>
    /// <exception cref="IOException">There is none, and none can be made.</exception>
    public Segment Take(SegmentHeader header)
    {
        lock (making)
        {
            var segment = Head(header, mayUseReserve: false);
            lock (gate)
            {
                var place = used.FindIndex(each => each.Header.Ordinal > header.Ordinal);
                used.Insert(place < 0 ? used.Count : place, segment);
            }

            return segment;
        }
    }

    /// <summary>In the background: has the next segment ready, and one kept back.</summary>
    /// <exception cref="IOException">The medium refuses, or the quota does.</exception>
    public void Prepare()
    {
        lock (making)
        {
            PrepareFree();
            if (spare is null)
            {
                var next = Head(new SegmentHeader(ordinals.Next(), newSalt()), mayUseReserve: false);
                lock (gate)
                    spare = next;
            }
        }
    }

    /// <summary>In the background: one file kept back, so that what takes over from another medium finds one.</summary>
    /// <exception cref="IOException">The medium refuses, or the quota does.</exception>
    public void PrepareFree()
    {
        lock (making)
            while (free.Count < ReserveCount)
                Free(files.Create());
    }

    /// <summary>A segment of which nothing is owed any more. What is in it is not read again, not even by the next start.</summary>
    public void Recycle(Segment segment)
    {
        bool isWanted;
        lock (gate)
        {
            used.Remove(segment);
            isWanted = !segment.IsBroken && free.Count < freeMax;
        }

        if (isWanted && files.TryErase(segment.File))
        {
            Free(segment.File);
            return;
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

    /// <summary>Closes every file of a medium that is not there, so that nothing holds its mount; which segments it has stays known.</summary>
    public void LetGo()
    {
        lock (gate)
            foreach (var file in used.Select(segment => segment.File).Concat(free).Append(spare?.File))
                file?.Dispose();
    }

    /// <summary>Closes every file and forgets them all: the medium went, or the process ends.</summary>
    public void Close()
    {
        lock (gate)
        {
            files.Spoil(used.Where(segment => segment.IsBroken).Select(segment => segment.File.Name));
            foreach (var file in used.Select(segment => segment.File).Concat(free).Append(spare?.File))
                file?.Dispose();
            used.Clear();
            free.Clear();
            spare = null;
        }
    }

    Segment? TakeSpare()
    {
        lock (gate)
        {
            var taken = spare;
            spare = null;
            return taken;
        }
    }

    Segment Head(SegmentHeader header, bool mayUseReserve)
    {
        var file = NextFile(mayUseReserve, out var isReserve);
        try
        {
            header.Write(file, options.SegmentBytes);
            file.Sync();
        }
        catch (IOException e)
        {
            // Never written again, and nothing is in it: it goes.
            files.Discard(file, e);
            throw;
        }

        return new Segment(file, header, options.SegmentBytes) { IsReserve = isReserve };
    }

    IDiskFile NextFile(bool mayUseReserve, out bool isReserve)
    {
        isReserve = false;
        if (TakeFree(ReserveCount) is { } file)
            return file;
        try
        {
            return files.Create();
        }
        catch (IOException) when (mayUseReserve && TakeFree(0) is { } reserve)
        {
            isReserve = true;
            return reserve;
        }
        catch (QuotaException) when (mayUseReserve && !isOverdrawn)
        {
            // A process that ended while the one kept back was in use leaves none, and without a segment of its own the next could
            // never make room: once in its life it goes beyond the quota, and into the floor that the medium keeps.
            (isReserve, isOverdrawn) = (true, true);
            return files.CreateBeyondQuota();
        }
    }

    IDiskFile? TakeFree(int keep)
    {
        lock (gate)
            return free.Count > keep ? free.Dequeue() : null;
    }

    void Free(IDiskFile file)
    {
        lock (gate)
            free.Enqueue(file);
    }
}
