using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

public sealed partial class MapTests
{
    [Fact]
    public void Every_file_that_the_map_names_is_there()
    {
        var files = SourceTree.Files("*.cs").Select(file => "/" + file.Path).ToList();
        var named = Names().Matches(File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"))).Select(match => match.Groups[1].Value);
        Assert.All(named, name => Assert.Contains(files, file => file.EndsWith("/" + name, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"`([\w./-]+\.cs)`")]
    private static partial Regex Names();
}
