using System.Text.Json;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.EndToEnd;

namespace EdgeHub.Tests.Finding;

public sealed class DriversVerbTests
{
    [Fact(Timeout = 60_000)]
    public async Task Every_driver_is_told_with_its_keys_quantities_and_units()
    {
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["drivers", "--json"], TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(string.Join('\n', lines));
        var told = json.RootElement.EnumerateArray().ToDictionary(one => one.GetProperty("word").GetString()!);
        Assert.Equal(DriverCatalog.All.Select(driver => driver.Word), told.Keys);
        foreach (var driver in DriverCatalog.All)
        {
            Assert.Equal(driver.Keys.Select(key => (key.Name, key.Default)), told[driver.Word].GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("name").GetString()!, key.GetProperty("default").GetString())));
            Assert.Equal(driver.Quantities.Select(of => (of.Quantity, of.Unit)), told[driver.Word].GetProperty("quantities").EnumerateArray().Select(of => (of.GetProperty("quantity").GetString()!, of.GetProperty("unit").GetString()!)));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_text_says_what_to_write()
    {
        var (_, lines) = await Programs.RunAsync(Programs.Edge, ["drivers"], TestContext.Current.CancellationToken);
        var at = Array.FindIndex(lines, line => line.StartsWith("modbus: ", StringComparison.Ordinal));
        Assert.Contains(lines[at..], line => line.StartsWith("  key        address: whole number, required.", StringComparison.Ordinal));
    }
}
