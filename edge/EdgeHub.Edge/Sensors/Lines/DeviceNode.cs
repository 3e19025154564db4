using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>
/// Which device a path leads to just now, links followed. A port that was unplugged and plugged again may carry its old name
/// and another node behind it, so names are not compared, nodes are. By statx(2), whose structure is the same on every architecture.
/// </summary>
public readonly partial record struct DeviceNode(ulong Inode, ulong Device, ulong FileSystem, uint GroupId, ushort Mode)
{
    const int CurrentDirectory = -100; // fcntl.h: AT_FDCWD
    const uint BasicStats = 0x7ff; // linux/stat.h: STATX_BASIC_STATS
    const ushort GroupReadWrite = 0x30; // sys/stat.h: S_IRGRP | S_IWGRP
    const int StatxBytes = 256; // sizeof(struct statx)
    const string GroupFile = "/etc/group";

    /// <summary>The node, or null when the path leads nowhere.</summary>
    public static DeviceNode? Find(string path)
    {
        Span<byte> stat = stackalloc byte[StatxBytes];
        stat.Clear();
        if (Statx(CurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0)
            return null;
        return new DeviceNode(
            BitConverter.ToUInt64(stat[32..]), // stx_ino
            BitConverter.ToUInt64(stat[128..]), // stx_rdev_major, stx_rdev_minor
            BitConverter.ToUInt64(stat[136..]), // stx_dev_major, stx_dev_minor
            BitConverter.ToUInt32(stat[24..]), // stx_gid
            BitConverter.ToUInt16(stat[28..])); // stx_mode
    }

    /// <summary>Whether the group that owns the device may use it.</summary>
    public bool GroupMayReadAndWrite => (Mode & GroupReadWrite) == GroupReadWrite;

    /// <summary>Whether both are one device. Its group may change while it is open: udev sets it just after the node appears.</summary>
    public bool IsSameDevice(DeviceNode other) => Inode == other.Inode && Device == other.Device && FileSystem == other.FileSystem;

    /// <summary>The name of the group that owns the device, or its number when the box knows no name.</summary>
    public string GroupName() => GroupName(File.Exists(GroupFile) ? File.ReadLines(GroupFile) : [], GroupId);

    /// <summary>The same over given lines of group(5).</summary>
    public static string GroupName(IEnumerable<string> lines, uint groupId)
    {
        var number = groupId.ToString(CultureInfo.InvariantCulture);
        foreach (var line in lines)
            if (line.Split(':') is [var name, _, var id, ..] && id == number)
                return name;
        return number;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
