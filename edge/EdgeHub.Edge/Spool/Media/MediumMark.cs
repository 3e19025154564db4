using System.Text;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// The file that says whose spool a directory holds: the gateway, and a store id that both media of one box share. An empty
/// mount point has none, so it is never taken for an empty mirror; and the stick of another box is known by its name.
/// </summary>
/// <param name="Store">128 random bits, drawn when the first medium was marked.</param>
public sealed record MediumMark(string Gateway, SpoolId Store)
{
    public const string FileName = "edgehub-medium";

    const string NewName = FileName + ".new";
    const string Title = "EdgeHub spool medium 1";
    const int BytesMax = 1024;

    /// <summary>Null when the directory has no mark.</summary>
    /// <exception cref="IOException">It cannot be read, or is damaged.</exception>
    public static MediumMark? Read(IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        if (!disk.List().Contains(FileName))
            return null;
        using var file = disk.Open(FileName, writable: false);
        Span<byte> bytes = stackalloc byte[BytesMax];
        var lines = Encoding.UTF8.GetString(bytes[..file.Read(0, bytes)]).Split('\n');
        return lines is [Title, var gateway, var store, ..] && SpoolId.TryParse(store, out var id)
            ? new MediumMark(gateway, id)
            : throw new IOException($"{FileName} is no mark of a spool medium that this version knows; it must not be changed by hand.");
    }

    /// <summary>Writes the mark of the first medium on a second one: what a technician asks for once a stick.</summary>
    /// <param name="newId">128 fresh random bits.</param>
    /// <exception cref="MediumException">It is another's already.</exception>
    /// <exception cref="IOException">One of them cannot be read or written.</exception>
    public static MediumMark Adopt(IDisk primary, IDisk mirror, string gateway, Func<UInt128> newId) => new Ownership(gateway, newId).Adopt(primary, mirror);

    /// <summary>Shows whether a medium takes writes. The mark itself is not touched: it is written once.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public static void Probe(IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        WriteNew(disk, "probe");
        disk.Delete(NewName);
    }

    /// <summary>Marks a directory.</summary>
    public void Write(IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        WriteNew(disk, $"{Title}\n{Gateway}\n{Store}\n");
        disk.Rename(NewName, FileName);
        disk.SyncDirectory();
    }

    static void WriteNew(IDisk disk, string text)
    {
        if (disk.List().Contains(NewName))
            disk.Delete(NewName);
        using var file = disk.Create(NewName);
        file.Write(0, Encoding.UTF8.GetBytes(text));
        file.Sync();
    }
}
