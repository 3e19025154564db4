using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

public sealed partial class OperationsGuideTests
{
    static readonly (string Room, int First)[] Ranges =
    [
        ("edge/EdgeHub.Edge/Sensors/", 100), ("edge/EdgeHub.Edge/Spool/", 200), ("edge/EdgeHub.Edge/Uplink/", 300),
        ("cloud-bridge/Intake/", 400), ("cloud-bridge/Store/", 500), ("cloud-bridge/Publish/", 600), ("edge/EdgeHub.Hosting/", 700), ("edge/EdgeHub.Edge/Clock/", 800), ("cloud-bridge/Api/", 900),
    ];

    [Fact]
    public void Every_instrument_is_in_the_operations_guide()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));
        Assert.Empty(Undocumented(SourceTree.Files("*.cs"), guide));
    }

    [Fact]
    public void Every_event_id_is_in_the_hundred_of_its_room_and_names_one_message() => Assert.Empty(WrongIds(SourceTree.Files("*.cs")));

    [Fact]
    public void A_planted_instrument_or_event_id_is_found()
    {
        var planted = new SourceFile("edge/EdgeHub.Edge/Spool/A.cs", "meter.CreateCounter<long>(\"planted_bytes\", \"By\");");
        Assert.Single(Undocumented([planted], "`edgehub_spool_other` `edgehub_uplink_planted_bytes`"));
        Assert.Empty(Undocumented([planted], "`edgehub_spool_planted_bytes`"));
        Assert.Single(Undocumented([planted with { Text = "meter.CreateCounter<long>(\"edgehub.spool.planted\", \"1\");" }], "`edgehub.spool.planted`"));
        Assert.Single(Undocumented([planted with { Text = planted.Text + "new Meter(\"EdgeHub.Other\")" }], "`edgehub_spool_planted_bytes`"));
        Assert.Single(WrongIds([new SourceFile("edge/EdgeHub.Edge/Spool/A.cs", "[LoggerMessage(301, LogLevel.Information, \"x\")]")]));
        Assert.Single(WrongIds([new SourceFile("edge/EdgeHub.Edge/Spool/A.cs", "[LoggerMessage(201, LogLevel.Error, \"x\")] [LoggerMessage(EventId = 201, Message = \"y\")]")]));
    }

    static IReadOnlyList<string> Undocumented(IEnumerable<SourceFile> files, string guide) =>
    [
        .. files.Where(IsProduct).SelectMany(file => Instrument().Matches(file.Text).Select(match => $"{Prefix(file)}{match.Groups[1].Value}")).Distinct()
            .Where(name => !PageName().IsMatch(name) || !guide.Contains($"`{name}`", StringComparison.Ordinal))
            .Select(name => $"{name}: write it in docs/operations.md; an instrument is named without edgehub and room, which the meter EdgeHub.<Room> says"),
        .. files.Where(IsProduct).SelectMany(file => Meter().Matches(file.Text).Select(match => match.Groups[1].Value).Where(name => $"edgehub_{name.ToLowerInvariant()}_" != Prefix(file)).Select(name => $"{file.Path}: the meter EdgeHub.{name} is of another room")),
    ];

    // The page's name is the meter's and the instrument's, and a meter is named for its room.
    static string Prefix(SourceFile file) =>
        $"edgehub_{Path.GetFileName(Ranges.FirstOrDefault(range => file.Path.StartsWith(range.Room, StringComparison.Ordinal)).Room?.TrimEnd('/'))?.ToLowerInvariant()}_";

    static IReadOnlyList<string> WrongIds(IEnumerable<SourceFile> files)
    {
        var events = files.Where(IsProduct).SelectMany(file => EventId().Matches(file.Text).Select(match => (file.Path, Id: int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))).ToArray();
        return
        [
            .. events.Where(entry => Ranges.FirstOrDefault(range => entry.Path.StartsWith(range.Room, StringComparison.Ordinal)) is { Room: not null } range && (entry.Id < range.First || entry.Id > range.First + 99))
                .Select(entry => $"{entry.Path}: {entry.Id} is of another room"),
            .. events.GroupBy(entry => entry.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key} stands in {string.Join(", ", same.Select(entry => entry.Path))}"),
        ];
    }

    static bool IsProduct(SourceFile file) => !file.Path.StartsWith("tests/", StringComparison.Ordinal);

    [GeneratedRegex("""Create(?:Observable)?(?:Counter|UpDownCounter|Gauge|Histogram)(?:<\w+>)?\(\s*"([^"]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex("""(?:new Meter\(|new\(|MeterName = )"EdgeHub\.(\w+)""")]
    private static partial Regex Meter();

    [GeneratedRegex("^edgehub_[a-z]+_[a-z0-9_]+$")]
    private static partial Regex PageName();

    [GeneratedRegex(@"LoggerMessage\((?:EventId = )?(\d+)")]
    private static partial Regex EventId();
}
