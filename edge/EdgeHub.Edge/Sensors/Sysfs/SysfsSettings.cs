namespace EdgeHub.Edge.Sensors.Sysfs;

/// <param name="Root">Where sysfs is mounted.</param>
/// <param name="Kind">Which of the kernel's three ways.</param>
/// <param name="Device">The chip's name as the kernel has it, or the serial number on a 1-Wire bus.</param>
sealed record SysfsSettings(string Root, SysfsKind Kind, string Device, IReadOnlyList<SysfsChannel> Channels)
    : DriverSettings([.. Channels.Select(channel => channel.Stream)], Device);
