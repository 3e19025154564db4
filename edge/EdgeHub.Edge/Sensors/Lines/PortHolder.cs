using System.Globalization;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>A process that has a device open.</summary>
/// <param name="Program">Its name as ps shows it.</param>
public readonly record struct PortHolder(int Process, string Program)
{
    const string Ours = "edgehub";

    public bool IsThisProcess => Process == Environment.ProcessId;

    /// <summary>Who has the device open, as far as this user may see: another user's processes show their files to root alone.</summary>
    public static IReadOnlyList<PortHolder> Of(string path)
    {
        if (!File.Exists(path))
            return []; // Unplugged while we looked.
        var device = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var found = new List<PortHolder>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(process.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Holds(process, device))
                found.Add(new PortHolder(id, Name(process)));
        return found;
    }

    /// <summary>Who holds it and what to do, for the middle of a sentence.</summary>
    public static string Say(string path)
    {
        var holders = Of(path);
        if (holders.Count == 0)
            return $"another program, whose name this user may not see: sudo fuser -v {path} names it";
        var who = string.Join(" and ", holders.Select(holder => $"{holder.Program} (process {holder.Process})"));
        return holders.Any(holder => holder.Program == Ours)
            ? $"{who}: ask it with edgehub test --once, or stop it with sudo systemctl stop edgehub"
            : $"{who}: close that program";
    }

    static bool Holds(string process, string device)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget == device);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended while we looked, or it is another user's.
        }
    }

    static string Name(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process that has just ended";
        }
    }
}
