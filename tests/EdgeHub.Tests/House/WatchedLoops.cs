using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

/// <summary>Every loop that a host starts beats for the watchdog: read from the source text, so that a new one is not forgotten.</summary>
static partial class WatchedLoops
{
    /// <summary>The loops that no watchdog waits for, each with its reason.</summary>
    static readonly Dictionary<string, string> Exempt = new(StringComparer.Ordinal)
    {
        ["edge/EdgeHub.Edge/Spool/Media/SpoolMirror.cs"] = "a second medium that hangs is a state of the medium, and the box goes on without it",
        ["edge/EdgeHub.Hosting/Progress/WatchdogFeeder.cs"] = "it is the watchdog; when it hangs nothing is fed",
    };

    public static IReadOnlyList<string> Unwatched(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal) && Loop().IsMatch(file.Text) && !Watched().IsMatch(file.Text) && !Exempt.ContainsKey(file.Path)).Select(file => file.Path)];

    [GeneratedRegex(@"class \w+[^{]*:\s*BackgroundService\b")]
    private static partial Regex Loop();

    [GeneratedRegex(@"\bwatchdog\.Register\(")]
    private static partial Regex Watched();
}
