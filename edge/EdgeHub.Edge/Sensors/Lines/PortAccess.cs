namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>What to do about a device that this user may not open.</summary>
static class PortAccess
{
    const string Root = "root";
    const string RuleFile = "/etc/udev/rules.d/91-edgehub-ports.rules";

    /// <summary>Joining the group that owns it is the way, unless that group is root's or may not open it either: then udev must give it to a group of its own.</summary>
    /// <param name="usual">The group that such devices belong to, such as <c>dialout</c>.</param>
    public static string Fix(string path, DeviceNode node, string usual)
    {
        var group = node.GroupName();
        if (group != Root && node.GroupMayReadAndWrite)
            return $"sudo usermod -aG {group} edgehub, then restart edgehub.";
        var device = Path.GetFileName(File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        var why = group == Root ? "it belongs to the group root, which no daemon should join" : $"its group {group} may not read and write it";
        return $"{why}. Write KERNEL==\"{device}\", GROUP=\"{usual}\", MODE=\"0660\" into {RuleFile}, then sudo udevadm control --reload and sudo udevadm trigger.";
    }
}
