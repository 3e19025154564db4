using System.Globalization;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The sealed LiteDB files: the second copy, and the history. Each was synced, closed, opened again and read back whole
/// before it got its name. Any thread may read; one file is open at a time, with the pack last read kept unpacked.
/// </summary>
sealed partial class PackShelf(IDisk disk, ILogger log) : IDisposable
{
    const string ActiveSuffix = ".db";
    const string SealedSuffix = ".sealed";
    const string AsideSuffix = ".aside";
    const int AsideMax = 2;

    readonly Lock gate = new();
    readonly List<SealedFile> files = [];
    readonly PackCodec codec = new();
    readonly HashSet<SealedFile> damaged = [];
    readonly List<SealedFile> newlyDamaged = [];
    bool isTakenIn;
    int lastName;
    (SealedFile Sealed, PackFile Open)? current;
    (PackFile File, int Index, List<StoredRecord> Records)? unpacked;

    public long Bytes
    {
        get
        {
            lock (gate)
                return files.Sum(file => file.Bytes);
        }
    }

    /// <summary>Files that could not be read, since this process started.</summary>
    public int DamagedFiles { get; private set; }

    public IReadOnlyList<SealedFile> Files()
    {
        lock (gate)
            return [.. files];
    }

    /// <summary>
    /// Sealed files found damaged since the last call. They stay: their intact packs can still be read. But they are no second
    /// copy any more.
    /// </summary>
    public IReadOnlyList<SealedFile> TakeDamaged()
    {
        lock (gate)
        {
            List<SealedFile> found = [.. newlyDamaged];
            newlyDamaged.Clear();
            return found;
        }
    }

    /// <summary>The numbers that sealed files hold which are not known to be damaged.</summary>
    public RangeSet IntactNumbers(SpoolId spool)
    {
        var numbers = new RangeSet();
        lock (gate)
            foreach (var file in files)
                if (!damaged.Contains(file) && file.Numbers.TryGetValue(spool, out var held))
                    numbers.AddAll(held);
        return numbers;
    }

    /// <summary>At start, or when the medium comes for the first time: opens every sealed file, and only then makes way for new ones.</summary>
    /// <exception cref="NewerFormatException">One is of a newer format; nothing was changed.</exception>
    public void TakeIn()
    {
        if (isTakenIn)
            return;
        var names = disk.List();
        Open(names);
        SetAside(names);
        isTakenIn = true;
    }

    void Open(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => name.EndsWith(SealedSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            lastName = Math.Max(lastName, NumberOf(name));
            using var opened = TryOpen(name);
            if (opened is null)
                continue;
            var described = Describe(name, opened);
            lock (gate)
                files.Add(described);
        }
    }

    /// <summary>Unsealed files of a process that was stopped hard, and damaged ones, make way; the newest stay for a look.</summary>
    void SetAside(IEnumerable<string> names)
    {
        var known = names.ToList();
        var stale = known.Where(name => name.EndsWith(ActiveSuffix, StringComparison.Ordinal)
            || (name.EndsWith(SealedSuffix, StringComparison.Ordinal) && files.TrueForAll(file => file.Name != name))).ToList();
        foreach (var name in stale)
        {
            lastName = Math.Max(lastName, NumberOf(name));
            disk.Rename(name, name + AsideSuffix);
        }

        var aside = known.Where(name => name.EndsWith(AsideSuffix, StringComparison.Ordinal)).Concat(stale.Select(name => name + AsideSuffix));
        foreach (var name in aside.Distinct().OrderDescending(StringComparer.Ordinal).Skip(AsideMax))
            disk.Delete(name);
        if (stale.Count > 0)
            disk.SyncDirectory();
    }

    /// <summary>A new file to pack into.</summary>
    public (string Name, PackFile File) Create()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"packs-{++lastName:D8}{ActiveSuffix}");
        return (name, PackFile.Create(disk.Create(name)));
    }

    /// <summary>Syncs the file, closes it, reads it back whole and only then calls it a copy.</summary>
    /// <exception cref="InvalidDataException">What came back is not what was written.</exception>
    public SealedFile Seal(string name, PackFile active, long unixMs)
    {
        var expected = active.Packs.ToList();
        using (active)
            active.Finish(unixMs);
        SealedFile described;
        using (var again = TryOpen(name) ?? throw new InvalidDataException($"{name} cannot be read back."))
        {
            if (!again.Packs.SequenceEqual(expected) || !Enumerable.Range(0, expected.Count).All(i => again.TryRead(i, codec) is not null))
                throw new InvalidDataException($"{name} read back differs from what was written.");
            described = Describe(Path.ChangeExtension(name, SealedSuffix), again);
        }

        disk.Rename(name, described.Name);
        disk.SyncDirectory();
        lock (gate)
            files.Add(described);
        return described;
    }

    public void Delete(SealedFile file)
    {
        lock (gate)
        {
            files.Remove(file);
            damaged.Remove(file);
            newlyDamaged.Remove(file);
            if (current is { } open && open.Sealed == file)
                Close();
        }

        disk.Delete(file.Name);
        // One that came back with the next power cut would bring spools back that were forgotten for good.
        disk.SyncDirectory();
    }

    /// <summary>Deletes an active file that failed; the journal has all of it.</summary>
    public void Abandon(string name) => disk.Delete(name);

    /// <summary>The records from a number on, as far as one pack has them; empty when no sealed file has an intact copy.</summary>
    public IReadOnlyList<StoredRecord> Read(SpoolId spool, ulong number)
    {
        lock (gate)
        {
            foreach (var file in files)
            {
                if (!file.Numbers.TryGetValue(spool, out var numbers) || !numbers.Contains(number) || OpenForReading(file) is not { } open)
                    continue;
                if (Unpack(open, open.IndexOf(spool, number), file.Name) is { } records)
                    return records.FindAll(record => record.Number >= number);
                Suspect(file);
            }

            return [];
        }
    }

    public void Dispose()
    {
        lock (gate)
            Close();
        codec.Dispose();
    }

    List<StoredRecord>? Unpack(PackFile open, int index, string name)
    {
        if (index < 0)
            return null;
        if (unpacked is { } last && last.File == open && last.Index == index)
            return last.Records;
        var records = Guard(name, () => open.TryRead(index, codec));
        if (records is null)
            LogRottenPack(index, name);
        unpacked = records is null ? null : (open, index, records);
        return records;
    }

    PackFile? OpenForReading(SealedFile file)
    {
        if (current is { } now && now.Sealed == file)
            return now.Open;
        Close();
        var opened = TryOpen(file.Name);
        current = opened is null ? null : (file, opened);
        if (opened is null)
            Suspect(file);
        return opened;
    }

    void Suspect(SealedFile file)
    {
        if (damaged.Add(file))
            newlyDamaged.Add(file);
    }

    void Close()
    {
        current?.Open.Dispose();
        current = null;
        unpacked = null;
    }

    PackFile? TryOpen(string name) => Guard(name, () =>
    {
        var file = disk.Open(name, writable: false);
        try
        {
            return PackFile.OpenSealed(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    T? Guard<T>(string name, Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (NewerFormatException)
        {
            throw;
        }
#pragma warning disable CA1031 // LiteDB 5 has no page checksums: a rotten page surfaces as any exception at all, and the other copy serves.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DamagedFiles++;
            LogDamaged(e, name);
            return null;
        }
    }

    static SealedFile Describe(string name, PackFile open)
    {
        var numbers = new Dictionary<SpoolId, RangeSet>();
        foreach (var pack in open.Packs)
        {
            if (!numbers.TryGetValue(pack.Spool, out var set))
                numbers.Add(pack.Spool, set = new RangeSet());
            set.Add(pack.Numbers);
        }

        return new SealedFile(name, open.Bytes, open.SealedUnixMs, numbers, open.Packs.GroupBy(pack => pack.Spool).ToDictionary(group => group.Key, group => group.First().Class));
    }

    static int NumberOf(string name) =>
        int.TryParse(name.AsSpan(name.IndexOf('-', StringComparison.Ordinal) + 1).Slice(0, 8), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LoggerMessage(210, LogLevel.Error, "LiteDB file {File} is damaged; what it held is served from the journal where that still has it.")]
    private partial void LogDamaged(Exception error, string file);

    [LoggerMessage(213, LogLevel.Error, "Pack {Index} of LiteDB file {File} is damaged; what it held is served from the journal where that still has it.")]
    private partial void LogRottenPack(int index, string file);
}
