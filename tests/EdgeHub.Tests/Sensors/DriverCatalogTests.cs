using System.Text.RegularExpressions;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

public sealed partial class DriverCatalogTests
{
    public static TheoryData<string> Words => [.. DriverCatalog.All.Select(driver => driver.Word)];

    [Fact]
    public void Each_driver_has_a_word_of_its_own() =>
        Assert.Equal(DriverCatalog.All.Count, DriverCatalog.All.Select(driver => driver.Word).Distinct().Count());

    [Theory]
    [MemberData(nameof(Words))]
    public void A_driver_declares_exactly_the_keys_that_it_reads(string word)
    {
        var driver = DriverCatalog.Find(word)!;
        var section = SettingsDocument.FromText("{}", "test", "NONE__", new Dictionary<string, string>()).Root;
        driver.Read(section, new DriverLibraries(ProfileLibrary.BuiltIn()));
        Assert.Equal(driver.Keys.Select(key => key.Name).Order(StringComparer.Ordinal), section.Known.Where(key => key != "$schema"));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void A_driver_says_what_it_is_and_what_it_yields(string word)
    {
        var driver = DriverCatalog.Find(word)!;
        Assert.Matches(Word(), word);
        Assert.EndsWith(".", driver.Summary, StringComparison.Ordinal);
        Assert.NotEmpty(driver.Models);
        Assert.All(driver.Models, model => Assert.True(model.Model.Length > 0 && model.Source.Length > 0));
        Assert.All(driver.Keys, key => Assert.EndsWith(".", key.Help, StringComparison.Ordinal));
        Assert.All(driver.Quantities, quantity => Assert.True(Identifiers.IsQuantity(quantity.Quantity) && quantity.Unit.Length > 0 && quantity.Minimum < quantity.Maximum));
    }

    [GeneratedRegex("^[a-z0-9-]{1,32}$")]
    private static partial Regex Word();
}
