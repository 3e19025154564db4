using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

public sealed partial class OperationsGuideTests
{
    static readonly (string Room, int First)[] Ranges =
    [
        ("edge/EdgeHub.Edge/Sensors/", 100), ("edge/EdgeHub.Edge/Spool/", 200), ("edge/EdgeHub.Edge/Uplink/", 300),
        ("cloud-bridge/Intake/", 400), ("cloud-bridge/Store/", 500), ("cloud-bridge/Publish/", 600), ("edge/EdgeHub.Hosting/", 700), ("edge/EdgeHub.Edge/Clock/", 800),
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
        Assert.Single(Undocumented([new SourceFile("edge/A.cs", "meter.CreateCounter<long>(\"edgehub.planted\", \"1\");")], "`edgehub.other`"));
        Assert.Single(WrongIds([new SourceFile("edge/EdgeHub.Edge/Spool/A.cs", "[LoggerMessage(301, LogLevel.Information, \"x\")]")]));
        Assert.Single(WrongIds([new SourceFile("edge/EdgeHub.Edge/Spool/A.cs", "[LoggerMessage(201, LogLevel.Error, \"x\")] [LoggerMessage(EventId = 201, Message = \"y\")]")]));
    }

    static IReadOnlyList<string> Undocumented(IEnumerable<SourceFile> files, string guide) =>
    [
        .. files.Where(IsProduct).SelectMany(file => Instrument().Matches(file.Text)).Select(match => match.Groups[1].Value).Distinct()
            .Where(name => !guide.Contains($"`{name}`", StringComparison.Ordinal)),
    ];

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

    [GeneratedRegex("""Create\w+(?:<\w+>)?\(\s*"(edgehub\.[a-z0-9_.]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"LoggerMessage\((?:EventId = )?(\d+)")]
    private static partial Regex EventId();
}
