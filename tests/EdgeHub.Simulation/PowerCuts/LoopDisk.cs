using System.Globalization;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>
/// A small ext4 of our own on a loop device: its counters see every byte that reaches the device, the file system's
/// journal included, and its plug can be pulled (the shutdown ioctl: what was not synced is gone, open files fail).
/// </summary>
public sealed class LoopDisk : IDisposable
{
    const int SectorBytes = 512;
    const int SectorsWrittenField = 6; // Documentation/block/stat.rst
    const int FlushesField = 15;

    static readonly (string Program, string Package)[] Needed = [("mkfs.ext4", "e2fsprogs"), ("xfs_io", "xfsprogs"), ("mount", "mount")];
    static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    readonly string image;
    string device = "";

    LoopDisk(string directory)
    {
        image = Path.Combine(directory, "disk.img");
        MountPoint = Path.Combine(directory, "mnt");
    }

    public string MountPoint { get; }

    /// <summary>A sentence on what is missing on this machine; null when loop mounts and the shutdown ioctl work here.</summary>
    public static string? WhyNot()
    {
        if (Environment.UserName != "root")
            return "loop mounts need root.";
        if (!File.Exists("/dev/loop-control"))
            return "this kernel has no loop devices.";
        foreach (var (program, package) in Needed)
            if (!Folders.Any(folder => File.Exists(Path.Combine(folder, program))))
                return $"{program} is not installed: apt-get install {package}";
        return null;
    }

    /// <exception cref="IOException">The machine cannot do it; <see cref="WhyNot"/> says what is missing.</exception>
    public static LoopDisk Create(string directory, int mebibytes)
    {
        var disk = new LoopDisk(directory);
        Directory.CreateDirectory(disk.MountPoint);
        using (var file = File.Create(disk.image))
            file.SetLength((long)mebibytes << 20);
        Shell.Run("mkfs.ext4", "-qF", disk.image);
        disk.Mount();
        return disk;
    }

    public void Mount()
    {
        Shell.Run("mount", "-o", "loop", image, MountPoint);
        device = Shell.Run("losetup", "-j", image).Split(':')[0].Replace("/dev/", "", StringComparison.Ordinal);
    }

    /// <summary>Pulls the plug. Afterwards only <see cref="Remount"/> makes sense.</summary>
    public void Cut() => Shell.Run("xfs_io", "-x", "-c", "shutdown", MountPoint);

    /// <summary>Power is back: the file system replays its journal.</summary>
    public void Remount()
    {
        Shell.Run("umount", MountPoint);
        Mount();
    }

    /// <summary>Bytes and flushes that have reached the device since it was attached. Call sync first for a fair cut.</summary>
    public (long Bytes, long Flushes) Counters()
    {
        var fields = File.ReadAllText($"/sys/block/{device}/stat").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[SectorsWrittenField], CultureInfo.InvariantCulture) * SectorBytes, long.Parse(fields[FlushesField], CultureInfo.InvariantCulture));
    }

    public void Sync() => Shell.Run("sync", "-f", MountPoint);

    public void Dispose()
    {
        // Lazy, so that a failed trial leaves no mount behind.
        Shell.Try("umount", "-l", MountPoint);
        File.Delete(image);
    }
}
