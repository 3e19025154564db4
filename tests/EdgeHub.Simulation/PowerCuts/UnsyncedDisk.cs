using EdgeHub.Edge.Spool;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>The real disk with its door broken: a sync says yes and does nothing. A harness that stays green over this one proves nothing.</summary>
sealed class UnsyncedDisk(IDisk real) : IDisk
{
    public IReadOnlyList<string> List() => real.List();

    public IDiskFile Create(string name) => new UnsyncedFile(real.Create(name));

    public IDiskFile Open(string name, bool writable) => new UnsyncedFile(real.Open(name, writable));

    public void Rename(string name, string newName) => real.Rename(name, newName);

    public void Delete(string name) => real.Delete(name);

    public void SyncDirectory()
    {
        // The broken door.
    }

    public void Check() => real.Check();

    sealed class UnsyncedFile(IDiskFile real) : IDiskFile
    {
        public string Name => real.Name;

        public long Length => real.Length;

        public int Read(long offset, Span<byte> destination) => real.Read(offset, destination);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => real.Write(offset, bytes);

        public void Allocate(long length) => real.Allocate(length);

        public void SetLength(long length) => real.SetLength(length);

        public void Sync()
        {
            // The broken door.
        }

        public void Dispose() => real.Dispose();
    }
}
