using System.Globalization;

namespace EdgeHub.Edge.Clock;

/// <summary>
/// The last time that was known for sure, across restarts: a file of one number, Unix milliseconds. Not synced: an older one costs
/// nothing but a wider doubt. Only a time that a server or satellite told is written, or one wrong year would be believed for ever.
/// </summary>
public sealed class ClockFloor(string path)
{
    /// <summary>0 without a file, or when it is no number: it must not stop a start.</summary>
    public long Read() =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var unixMs) ? unixMs : 0;

    /// <exception cref="IOException">The data directory cannot be written.</exception>
    public void Write(long unixMs)
    {
        // Renamed over the old file, so that a kill in between leaves a whole number.
        var fresh = path + ".new";
        File.WriteAllText(fresh, unixMs.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(fresh, path, overwrite: true);
    }
}
