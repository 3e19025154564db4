using System.Text.RegularExpressions;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Standby;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.House;

/// <summary>Nothing falls back silently: the tables of docs/operations.md name every state of the code, and where each is told.</summary>
public sealed partial class StateTablesTests
{
    static readonly Dictionary<string, string[]> Words = new()
    {
        ["Store and medium of the box"] = Enum.GetNames<SpoolCondition>(),
        ["Media of the journal"] = Enum.GetNames<MediumCondition>(),
        ["Uplink"] = Enum.GetNames<UplinkCondition>(),
        ["Sensors and ports"] = [.. Enum.GetValues<Condition>().Select(condition => condition.Word())],
        ["Lines that two boxes share"] = [.. Enum.GetValues<StandbyState>().Select(state => state.Word())],
        ["Clock"] = Enum.GetNames<ClockQuality>(),
    };

    static string Guide => File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));

    [Fact]
    public void Every_state_of_the_code_stands_in_its_table_and_every_row_is_a_state_of_the_code() => Assert.Empty(Differences(Guide));

    [Fact]
    public void Every_row_says_where_its_state_is_logged_measured_published_and_shown()
    {
        var product = SourceTree.Files("*.cs").Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal)).ToArray();
        Assert.Empty(Rows(Guide).SelectMany(row => Holes(row, product)));
    }

    [Fact]
    public void Every_word_of_the_forwarder_becomes_a_state_in_the_table()
    {
        var told = Enum.GetValues<DeliveryState>().Select(state => UplinkState.Of(state, "mqtt://city").Condition.ToString());
        Assert.Subset(Rows(Guide).Where(row => row.Part == "Uplink").Select(row => row.State).ToHashSet(), told.ToHashSet());
    }

    [Fact]
    public void A_state_that_is_missing_or_planted_or_told_nowhere_is_found()
    {
        var guide = Guide;
        var full = Line("Full").Match(guide).Value;
        Assert.Equal(["Store and medium of the box: Full has no row"], Differences(guide.Replace(full, "", StringComparison.Ordinal)));
        Assert.Equal(["Store and medium of the box: Frozen is no state"], Differences(guide.Replace(full, full + full.Replace("`Full`", "`Frozen`", StringComparison.Ordinal), StringComparison.Ordinal)));
        Assert.Equal(4, Holes(new StateRow("Clock", "None", "999", "`edgehub_clock_planted`", "", "`planted`"), SourceTree.Files("*.cs")).Count());
    }

    static IReadOnlyList<string> Differences(string guide)
    {
        var rows = Rows(guide).ToLookup(row => row.Part, row => row.State);
        return
        [
            .. Words.SelectMany(part => part.Value.Except(rows[part.Key]).Select(state => $"{part.Key}: {state} has no row")),
            .. Words.SelectMany(part => rows[part.Key].Except(part.Value).Select(state => $"{part.Key}: {state} is no state")),
            .. Words.SelectMany(part => rows[part.Key].GroupBy(state => state).Where(same => same.Count() > 1).Select(same => $"{part.Key}: {same.Key} has {same.Count()} rows")),
        ];
    }

    // An event id must be logged somewhere, a metric must be made, a part must be announced, a line must be printed.
    static IEnumerable<string> Holes(StateRow row, IReadOnlyList<SourceFile> product)
    {
        var events = Number().Matches(row.Logged).Select(match => match.Value).ToArray();
        if (events.Length == 0 || !events.All(id => product.Any(file => Regex.IsMatch(file.Text, $@"LoggerMessage\((?:EventId = )?{id}\b"))))
            yield return $"{row.Part}: {row.State} is not logged as {row.Logged}";
        var metrics = Quoted().Matches(row.Measured).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("edgehub_", StringComparison.Ordinal)).ToArray();
        // edgehub, the room, the instrument.
        if (metrics.Length == 0 || !metrics.All(name => name.Split('_', 3) is [_, var room, var what] && product.Any(file => file.Path.Contains($"/{room}/", StringComparison.OrdinalIgnoreCase) && file.Text.Contains($"(\"{what}\"", StringComparison.Ordinal))))
            yield return $"{row.Part}: {row.State} is not measured by {row.Measured}";
        var announced = product.FirstOrDefault(file => file.Path.EndsWith("EdgeStatus.cs", StringComparison.Ordinal))?.Text ?? "";
        var parts = Quoted().Matches(row.Published).Select(match => match.Groups[1].Value["parts.".Length..].Split('/')[0]).ToArray();
        if ((parts.Length == 0 && row.Published != "last will") || !parts.All(part => announced.Contains($"[\"{part}\"]", StringComparison.Ordinal) || announced.Contains($"[$\"{part}/", StringComparison.Ordinal)))
            yield return $"{row.Part}: {row.State} is not published as {row.Published}";
        var printed = product.FirstOrDefault(file => file.Path.EndsWith("StatusText.cs", StringComparison.Ordinal))?.Text ?? "";
        if (row.Shown.Length == 0 || !Quoted().Matches(row.Shown).All(match => printed.Contains($"\"{match.Groups[1].Value}\"", StringComparison.Ordinal)))
            yield return $"{row.Part}: {row.State} is not shown as {row.Shown}";
    }

    static IEnumerable<StateRow> Rows(string guide)
    {
        var part = "";
        foreach (var line in guide.Split('\n'))
        {
            if (line.StartsWith('#'))
                part = line.TrimStart('#', ' ');
            else if (Words.ContainsKey(part) && Row().Match(line) is { Success: true } row)
                yield return new StateRow(part, row.Groups[1].Value, row.Groups[3].Value, row.Groups[4].Value, row.Groups[5].Value, row.Groups[6].Value);
        }
    }

    static Regex Line(string state) => new($@"^\| `{state}` \|.*\n", RegexOptions.Multiline);

    [GeneratedRegex(@"^\| `([\w-]+)` \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\d{3}")]
    private static partial Regex Number();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
