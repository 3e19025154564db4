namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// A medium that may go and come back: the disk that is there now, or an error that says it is not. What was opened on it
/// belongs to that disk; after a return everything is opened anew.
/// </summary>
sealed class MediumDisk(string name, Func<IDisk> open) : IDisk
{
    volatile IDisk? disk;

    public string Name => name;

    public bool IsOpen => disk is not null;

    IDisk Disk => disk ?? throw new IOException($"The {name} medium is not there.");

    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public void Open()
    {
        var opened = open();
        Close();
        disk = opened;
    }

    public void Close()
    {
        (disk as IDisposable)?.Dispose();
        disk = null;
    }

    public IReadOnlyList<string> List()
    {
        try
        {
            return Disk.List();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public IDiskFile Create(string name) => Disk.Create(name);

    public IDiskFile Open(string name, bool writable) => Disk.Open(name, writable);

    public void Rename(string name, string newName) => Disk.Rename(name, newName);

    public void Delete(string name) => Disk.Delete(name);

    public void SyncDirectory() => Disk.SyncDirectory();

    /// <summary>Of a medium that is not there nobody counts them.</summary>
    public long FreeBytes => disk?.FreeBytes ?? long.MaxValue;

    public void Check() => Disk.Check();
}
