using EdgeHub.Simulation;

namespace EdgeHub.Tests.Simulation;

public sealed class ScoreboardTests
{
    [Fact]
    public void The_page_of_what_was_proven_is_generated_from_its_result_files_and_never_typed() =>
        Assert.Equal(Scoreboard.Write(Path.Combine(Repository.Root, "docs", "reliability")), File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md")));

    [Fact]
    public void A_file_that_is_no_result_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("edgehub-scoreboard-");
        File.WriteAllText(Path.Combine(directory.FullName, "seeds.json"), "{}");
        Assert.Contains("seeds.json", Assert.Throws<InvalidDataException>(() => Scoreboard.Write(directory.FullName)).Message, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }
}
