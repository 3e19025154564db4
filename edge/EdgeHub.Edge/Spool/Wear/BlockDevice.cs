using System.Globalization;

namespace EdgeHub.Edge.Spool.Wear;

/// <summary>
/// The device under a directory, as the kernel counts it: everything that anybody wrote to it since the boot. Where a file system has no
/// device of its own (overlay, tmpfs, btrfs) there is none to ask.
/// </summary>
/// <param name="statFile">See the kernel's Documentation/block/stat.rst: the seventh number counts written sectors.</param>
public sealed class BlockDevice(string statFile)
{
    const int SectorBytes = 512; // Whatever the medium's own sectors are.
    const int WrittenSectors = 6;

    /// <summary>The whole device of which the directory's file system is a part: a card wears as a whole.</summary>
    public static BlockDevice? Under(string directory, string sysfs = "/sys")
    {
        ArgumentNullException.ThrowIfNull(directory);
        var (major, minor) = Libc.Device(directory);
        var link = string.Create(CultureInfo.InvariantCulture, $"{sysfs}/dev/block/{major}:{minor}");
        if (!Directory.Exists(link))
            return null;
        var place = new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link;
        if (File.Exists(Path.Combine(place, "partition")))
            place = Path.GetDirectoryName(place)!;
        return File.Exists(Path.Combine(place, "stat")) ? new BlockDevice(Path.Combine(place, "stat")) : null;
    }

    /// <summary>Bytes written since the boot; null when the device is gone.</summary>
    public long? Written()
    {
        try
        {
            var fields = File.ReadAllText(statFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > WrittenSectors && long.TryParse(fields[WrittenSectors], NumberStyles.None, CultureInfo.InvariantCulture, out var sectors) ? sectors * SectorBytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
