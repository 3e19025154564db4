namespace EdgeHub.Edge.Finding;

/// <summary>
/// The serial ports of the box, each once, by the name that stays: of its adapter (<c>serial/by-id</c>), else of the socket it is
/// plugged into (<c>serial/by-path</c>), else of its device. Numbers such as ttyUSB0 are given in the order of plugging.
/// </summary>
public static class SerialPorts
{
    static readonly string[] StableNames = ["serial/by-id", "serial/by-path"];

    // A PC's ttyS* are mostly there without hardware behind them; name one as an argument to have it looked at.
    static readonly string[] Devices = ["ttyUSB*", "ttyACM*", "ttyAMA*"];

    /// <param name="devices">Where the devices lie; /dev on a box.</param>
    public static IReadOnlyList<string> Of(string devices)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. StableNames.Select(name => Path.Combine(devices, name)).Where(Directory.Exists).SelectMany(directory => Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
                .Concat(Devices.SelectMany(pattern => Directory.EnumerateFileSystemEntries(devices, pattern).Order(StringComparer.Ordinal)))
                .Where(port => seen.Add(Real(port))),
        ];
    }

    /// <summary>The stable name under which udev keeps a device, where that is another than this path and there is one.</summary>
    public static string? StableName(string path)
    {
        if (Path.GetDirectoryName(path) is not { Length: > 0 } devices || !IsNumbered(path) || !Path.Exists(path))
            return null;
        return StableNames.Select(name => Path.Combine(devices, name)).Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
            .FirstOrDefault(link => Real(link) == Real(path));
    }

    /// <summary>Whether the name is a number in the order of plugging: at the next start it may be another adapter's.</summary>
    public static bool IsNumbered(string path) => Path.GetFileName(path) is var name && (name.StartsWith("ttyUSB", StringComparison.Ordinal) || name.StartsWith("ttyACM", StringComparison.Ordinal));

    static string Real(string port) => File.ResolveLinkTarget(port, returnFinalTarget: true)?.FullName ?? port;
}
