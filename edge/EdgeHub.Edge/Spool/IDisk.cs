namespace EdgeHub.Edge.Spool;

/// <summary>
/// One directory of a medium, flat. Every failure is an <see cref="IOException"/> that names the file and the errno.
/// A create, rename or delete outlasts a power cut only after <see cref="SyncDirectory"/>.
/// </summary>
public interface IDisk
{
    /// <summary>Names of the files, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>A new empty file; one of the same name is an error.</summary>
    IDiskFile Create(string name);

    IDiskFile Open(string name, bool writable);

    /// <summary>Replaces a file that has the new name already.</summary>
    void Rename(string name, string newName);

    void Delete(string name);

    void SyncDirectory();

    /// <summary>Bytes that this user may still write on the medium; without end where nobody counts.</summary>
    long FreeBytes => long.MaxValue;

    /// <summary>Looks whether the medium is still there.</summary>
    /// <exception cref="IOException">It was unplugged or unmounted, or another took its place.</exception>
    void Check();
}
