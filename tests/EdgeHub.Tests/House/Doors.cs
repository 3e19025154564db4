using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

/// <summary>
/// Who may know whom, read from the source text: comments and strings aside, a namespace that stands in a room's file is a reference.
/// The sibling's short form counts as well (<c>Spool.Journal</c> inside EdgeHub.Edge.Sensors), a member of that name does not.
/// </summary>
static partial class Doors
{
    public const int LinesMax = 300;

    const string Edge = "edge/EdgeHub.Edge/";

    /// <summary>Files under <c>Room</c>, except under <c>Except</c>, must not name what <c>Banned</c> matches.</summary>
    sealed record Shut(string Room, string Banned, string[] Except);

    /// <summary>Only files under <c>Rooms</c> may name what <c>Named</c> matches.</summary>
    sealed record Owned(string Named, string[] Rooms);

    static readonly Shut[] Closed =
    [
        new(Edge + "Sensors/", Sibling("Spool"), []),
        new(Edge + "Sensors/", Sibling("Uplink"), []),
        new(Edge + "Spool/", Sibling("Sensors"), []),
        new(Edge + "Spool/", Sibling("Uplink"), []),
        new(Edge + "Uplink/", Sibling("Sensors"), []),
        new(Edge + "Sensors/", Sibling("Finding"), []),
        new(Edge + "Sensors/", Sibling("Outputs"), []),
        new(Edge + "Outputs/", Sibling("Spool"), []),
        new(Edge + "Outputs/", Sibling("Uplink"), []),
        new(Edge + "Finding/", Sibling("Spool"), []),
        new(Edge + "Finding/", Sibling("Uplink"), []),
        new("cloud-bridge/", @"EdgeHub\.Edge\b", []),
        new("device-sims/", @"EdgeHub\.(Edge|Wire|Hosting|CloudBridge)\b", ["device-sims/Fleet/"]),
        new("device-sims/Fleet/", @"EdgeHub\.(Hosting|CloudBridge)\b|EdgeHub\.Edge\.Sensors\b", []),
        new("edge/EdgeHub.Wire/", @"EdgeHub\.(Edge|Hosting|CloudBridge)\b", []),
        new("edge/EdgeHub.Hosting/", @"EdgeHub\.(Edge|CloudBridge)\b", []),
    ];

    static readonly Owned[] Owners =
    [
        new(@"LiteDB\b", [Edge + "Spool/"]),
        new(@"MQTTnet\b", [Edge + "Uplink/", "cloud-bridge/Intake/", "cloud-bridge/Publish/"]),
        new(@"(Npgsql|Microsoft\.Data\.Sqlite)\b", ["cloud-bridge/Store/Postgres/", "cloud-bridge/Store/Sqlite/", "cloud-bridge/Store/StoreOptions.cs", "device-sims/Demo/"]),
        new(@"(System\.IO\.Ports|System\.Device)\b", [Edge + "Sensors/"]),
        new(@"(Prometheus|OpenTelemetry)\b", ["edge/EdgeHub.Hosting/"]),
        new(@"Spectre\.Console\b", ["device-sims/"]),
    ];

    public static IReadOnlyList<string> Violations(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(OfSource)];

    /// <summary>The same doors for project files; a project that is only built along is no reference.</summary>
    public static IReadOnlyList<string> ProjectViolations(IEnumerable<SourceFile> projects) =>
    [
        .. projects.Where(project => !project.Path.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(project => ProjectReference().Matches(project.Text)
            .Where(match => !match.Value.Contains("ReferenceOutputAssembly=\"false\"", StringComparison.Ordinal))
            .Select(match => Path.GetFileNameWithoutExtension(match.Groups[1].Value))
            .Where(target => !MayReference(project.Path, target))
            .Select(target => $"{project.Path} references {target}")),
    ];

    public static IReadOnlyList<string> TooLong(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => file.Text.AsSpan().Count('\n') > LinesMax).Select(file => $"{file.Path} has {file.Text.AsSpan().Count('\n')} lines")];

    static IEnumerable<string> OfSource(SourceFile file)
    {
        var code = CommentOrString().Replace(file.Text, " ");
        foreach (var door in Closed)
            if (file.Path.StartsWith(door.Room, StringComparison.Ordinal) && !door.Except.Any(room => file.Path.StartsWith(room, StringComparison.Ordinal))
                && Regex.Match(code, @"(?<![\w.])(?:global::)?(?:" + door.Banned + ")") is { Success: true } found)
                yield return $"{file.Path} names {found.Value}";
        foreach (var owner in Owners)
            if (!owner.Rooms.Any(room => file.Path.StartsWith(room, StringComparison.Ordinal)) && Regex.Match(code, @"(?<![\w.])(?:global::)?" + owner.Named) is { Success: true } found)
                yield return $"{file.Path} names {found.Value}, which only {string.Join(", ", owner.Rooms)} may";
    }

    static string Sibling(string room) => $@"EdgeHub\.Edge\.{room}\b|Edge\.{room}\b|{room}\.[A-Z]";

    static bool MayReference(string project, string target) => project switch
    {
        _ when project.StartsWith("edge/EdgeHub.Wire/", StringComparison.Ordinal) || project.StartsWith("edge/EdgeHub.Hosting/", StringComparison.Ordinal) => false,
        _ when project.StartsWith(Edge, StringComparison.Ordinal) || project.StartsWith("cloud-bridge/", StringComparison.Ordinal) => target is "EdgeHub.Wire" or "EdgeHub.Hosting",
        _ => false,
    };

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex("""<ProjectReference\s+Include="([^"]+)"[^>]*>""")]
    private static partial Regex ProjectReference();
}
