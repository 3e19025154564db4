using System.Xml.Linq;
using EdgeHub.DeviceSims.Demo;
using EdgeHub.DeviceSims.Drills;
using EdgeHub.Tests.DeviceSims;
using Programs = EdgeHub.Tests.EndToEnd.Programs;

namespace EdgeHub.Tests.Drills;

[Collection("whole machine")]
public sealed class DrillTests : IDisposable
{
    static readonly Drill Planted = new("planted", "Something <b>goes</b> wrong", [], true, _ => Task.CompletedTask);

    readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task A_drill_breaks_real_processes_and_writes_a_page_and_a_JUnit_file()
    {
        var (code, lines) = await Programs.RunAsync(Programs.Sims, ["drill", "kill", "--report", scratch.Path], TestContext.Current.CancellationToken);
        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Equal(5, lines.Count(line => line.Contains("kill -9 of the box's daemon", StringComparison.Ordinal)));
        Assert.Contains("PASS", await File.ReadAllTextAsync(scratch.File("drills.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("0", XDocument.Load(scratch.File("drills.xml")).Root!.Attribute("failures")!.Value);
    }

    [Fact(Timeout = 180_000)]
    public async Task Of_two_boxes_on_one_bus_the_other_takes_over_when_one_is_killed_or_stands_still_and_the_books_of_both_balance()
    {
        var (code, lines) = await Programs.RunAsync(Programs.Sims, ["drill", "standby", "--report", scratch.Path], TestContext.Current.CancellationToken);
        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Equal(3, lines.Count(line => line.Contains("within the silence", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_two_boxes_each_read_is_excused_within_its_bound_and_what_one_has_twice_is_not()
    {
        var found = new Findings(100, 112, 0, 12, 0, FromBoth: 10);
        var checks = new List<bool>();
        Assert.Equal(2, found.ReadByBoth(50, (_, holds) => checks.Add(holds)).Duplicates);
        Assert.Equal(2, found.ReadByBoth(9, (_, holds) => checks.Add(holds)).Duplicates);
        Assert.Equal([true, false], checks);
        Assert.Equal(12, found.ReadByBoth(0, (_, holds) => checks.Add(holds)).Duplicates);
    }

    [Fact]
    public void What_does_not_hold_or_was_not_run_is_named_on_the_page_and_in_the_JUnit_file()
    {
        DrillResult[] results = [Result(Books(lost: 0)), Result(Books(lost: 3)), Result(Books(0), check: false), Result(null, failure: "It broke <off>."), Result(null, missing: "needs strace")];
        Assert.Equal(["PASS", "FAIL", "FAIL", "FAIL", "NOT RUN"], results.Select(result => result.Word));
        HtmlReport.Write(scratch.File("drills.html"), results, "1", DateTimeOffset.UnixEpoch);
        JUnitReport.Write(scratch.File("drills.xml"), results);
        var page = File.ReadAllText(scratch.File("drills.html"));
        foreach (var text in new[] { "1 passed, 3 failed, 1 not run", "the books do not balance", "It broke &lt;off&gt;.", "needs strace", "switch &lt; 10 s" })
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        var suite = XDocument.Load(scratch.File("drills.xml")).Root!;
        Assert.Equal(("5", "3", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
    }

    [Fact]
    public void A_drill_that_lacks_a_program_names_its_package_and_is_not_run()
    {
        Assert.Null(Tools.Missing(Planted));
        Assert.Contains("apt-get install mosquitto-of-no-distribution", Tools.Missing(Planted with { Needs = ["mosquitto-of-no-distribution"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_drill_has_a_name_of_its_own_that_is_short_enough_for_the_socket_in_its_directory()
    {
        Assert.Equal(DrillCatalog.All.Count, DrillCatalog.All.Select(drill => drill.Name).Distinct().Count());
        Assert.All(DrillCatalog.All, drill => Assert.InRange(drill.Name.Length, 1, 24));
        Assert.Contains(DrillCatalog.All, drill => drill.InSmoke);
    }

    static DrillResult Result(Verdict? books, bool check = true, string? failure = null, string? missing = null) =>
        new(Planted, [new DrillStep(TimeSpan.FromSeconds(1), "switch < 10 s")], [new DrillCheck("the state is named", check)], books, TimeSpan.FromSeconds(2), missing, failure);

    static Verdict Books(long lost) => new(new Findings(100, 100 - lost, 0, 0, 0, 0), 100, 0, 0, null);
}
