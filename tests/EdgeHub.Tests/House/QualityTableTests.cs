using System.Globalization;
using System.Text.RegularExpressions;
using EdgeHub.Wire;

namespace EdgeHub.Tests.House;

/// <summary>The quality codes and their HJ 212 flags are said in the guide, in the contract and in the code: the same everywhere.</summary>
public sealed partial class QualityTableTests
{
    [Theory]
    [InlineData("docs/platform.md")]
    [InlineData("docs/asyncapi.yaml")]
    public void The_table_has_every_code_with_the_flag_that_the_code_gives_it(string file)
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).ToDictionary(row => (Quality)byte.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row => row.Groups[2].Value);
        Assert.Equal(Enum.GetValues<Quality>(), rows.Keys.Order());
        Assert.All(rows, row => Assert.Equal(row.Value, row.Key.Hj212()));
    }

    [GeneratedRegex(@"^\s*\| (\d+) \|.*\| ([A-Z]) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
