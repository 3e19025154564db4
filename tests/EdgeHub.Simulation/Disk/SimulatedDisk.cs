using EdgeHub.Edge.Spool;

namespace EdgeHub.Simulation.Disk;

/// <summary>
/// A medium that forgets as real ones do: at a power cut any subset of the 512-byte sectors written since the last sync
/// survives, and creates, renames and deletes survive only once the directory was synced. A failed sync drops the pages it
/// could not write and later claims success, as Linux does.
/// </summary>
public sealed class SimulatedDisk : IDisk
{
    readonly Dictionary<string, Node> now = [];
    readonly Dictionary<string, Node> durable = [];

    /// <summary>Called before each operation with its name and the file's; what it throws, the operation throws.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Whether sync returns success and does nothing.</summary>
    public bool SyncLies { get; set; }

    /// <summary>Whether a sync that fails says nothing, as .NET 10 does on Linux.</summary>
    public bool HidesSyncErrors { get; set; }

    /// <summary>Whether a cut may take the whole 4 kB page of which a sector was being written, with what was synced in it before.</summary>
    public bool TearsPages { get; set; }

    /// <summary>There is no power: every operation fails and changes nothing.</summary>
    public bool IsOff { get; set; }

    public int Syncs { get; private set; }

    /// <summary>The medium as the next start finds it.</summary>
    public SimulatedDisk Cut(Random random)
    {
        var after = new SimulatedDisk();
        foreach (var (name, node) in durable)
            after.now[name] = after.durable[name] = node.AfterCut(random, TearsPages);
        return after;
    }

    /// <summary>Changes one byte behind everyone's back.</summary>
    public void Flip(string name, long offset)
    {
        now[name].Current[offset] ^= 0x5A;
        now[name].Durable[offset] ^= 0x5A;
    }

    /// <summary>Changes a byte in every place where these bytes stand.</summary>
    public void Damage(ReadOnlySpan<byte> bytes)
    {
        foreach (var name in List())
            if (Bytes(name).AsSpan().IndexOf(bytes) is >= 0 and var at)
                Flip(name, at + 3);
    }

    public byte[] Bytes(string name) => now[name].Current[..(int)now[name].Length];

    public IReadOnlyList<string> List() => [.. now.Keys];

    public IDiskFile Create(string name)
    {
        Begin("create", name);
        if (now.ContainsKey(name))
            throw new IOException($"{name} exists");
        var node = now[name] = new Node();
        return new File(this, node, name);
    }

    public IDiskFile Open(string name, bool writable) => now.TryGetValue(name, out var node) ? new File(this, node, name) : throw new IOException($"no {name}");

    public void Rename(string name, string newName)
    {
        Begin("rename", name);
        now.Remove(name, out var node);
        now[newName] = node!;
    }

    public void Delete(string name)
    {
        Begin("delete", name);
        now.Remove(name);
    }

    public void SyncDirectory()
    {
        Begin("sync", "directory");
        durable.Clear();
        foreach (var (name, node) in now)
            durable[name] = node;
    }

    public void Check() => Begin("check", "directory");

    void Begin(string operation, string name)
    {
        if (IsOff)
            throw new IOException($"{operation} {name}: there is no power");
        Before?.Invoke(operation, name);
    }

    sealed class Node
    {
        const int Sector = 512;
        const int Page = 4096;
        readonly HashSet<int> dirty = [];
        long durableLength;

        public byte[] Current { get; private set; } = new byte[4096];

        public byte[] Durable { get; private set; } = new byte[4096];

        public long Length { get; private set; }

        public Node AfterCut(Random random, bool tearsPages)
        {
            var length = random.Next(2) == 0 ? durableLength : Math.Max(Length, durableLength);
            var after = new Node { Current = (byte[])Durable.Clone() };
            foreach (var sector in dirty)
                if (random.Next(2) == 0)
                    Current.AsSpan(sector * Sector, Sector).CopyTo(after.Current.AsSpan(sector * Sector));
            if (tearsPages)
                foreach (var page in dirty.Select(sector => sector * Sector / Page).Distinct().Order())
                    if (random.Next(2) == 0)
                        random.NextBytes(after.Current.AsSpan(page * Page, Page));
            after.Durable = (byte[])after.Current.Clone();
            after.Length = after.durableLength = length;
            return after;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            SetLength(Math.Max(Length, offset + bytes.Length));
            bytes.CopyTo(Current.AsSpan((int)offset));
            for (var sector = (int)(offset / Sector); sector * (long)Sector < offset + bytes.Length; sector++)
                dirty.Add(sector);
        }

        public void SetLength(long length)
        {
            if (length > Current.Length)
            {
                var size = (int)Math.Max((length + 4095) & ~4095L, Current.Length * 2L);
                (Current, Durable) = (Resized(Current, size), Resized(Durable, size));
            }

            Length = length;
        }

        public void Sync()
        {
            foreach (var sector in dirty)
                Current.AsSpan(sector * Sector, Sector).CopyTo(Durable.AsSpan(sector * Sector));
            dirty.Clear();
            durableLength = Length;
        }

        public void ForgetDirty() => dirty.Clear();

        static byte[] Resized(byte[] bytes, int size)
        {
            Array.Resize(ref bytes, size);
            return bytes;
        }
    }

    sealed class File(SimulatedDisk disk, Node node, string name) : IDiskFile
    {
        public string Name => name;

        public long Length => node.Length;

        public int Read(long offset, Span<byte> destination)
        {
            disk.Begin("read", name);
            var count = (int)Math.Clamp(node.Length - offset, 0, destination.Length);
            node.Current.AsSpan((int)offset, count).CopyTo(destination);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var hadPower = !disk.IsOff;
            try
            {
                disk.Begin("write", name);
            }
            catch when (hadPower)
            {
                // A write that fails or is cut off may have begun.
                node.Write(offset, bytes[..(bytes.Length / 2)]);
                throw;
            }

            node.Write(offset, bytes);
        }

        public void Allocate(long length)
        {
            disk.Begin("write", name);
            node.SetLength(length);
        }

        public void SetLength(long length)
        {
            if (!disk.IsOff)
                node.SetLength(length);
        }

        public void Sync()
        {
            try
            {
                disk.Begin("sync", name);
            }
            catch (IOException) when (!disk.IsOff)
            {
                node.ForgetDirty();
                if (disk.HidesSyncErrors)
                    return;
                throw;
            }

            disk.Syncs++;
            if (!disk.SyncLies)
                node.Sync();
        }

        public void Dispose()
        {
        }
    }
}
