using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Api.Catalogs;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>One catalog, and the same in the words of Home Assistant, the Web of Things and SensorThings.</summary>
public sealed class CatalogTests
{
    const int TestMsMax = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestMsMax)]
    public async Task Each_stream_stands_in_the_catalog_with_its_word_of_the_vocabulary()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await QueryTests.FillAsync(city);
        var box = new TestBox("box-c", 9);
        box.AddCatalog(1, unit: "[in_i]");
        await city.CommitAsync(box.DeliverAll());
        var entries = QueryTests.Items(await city.GetAsync("/api/v1/catalog?quantity=pm2_5", Stop));
        Assert.Equal(("a34004", "ug/m3", true), (QueryTests.Text(entries[0]["vocabulary"]!, "hj212"), QueryTests.Text(entries[0], "unit"), (bool)entries[0]["unitFits"]!));
        Assert.False((bool)entries.Single(entry => QueryTests.Text(entry, "gateway") == "box-c")["unitFits"]!);
    }

    [Fact]
    public void A_quantity_of_a_driver_that_the_vocabulary_knows_has_one_of_its_units()
    {
        var spoken = EdgeHub.Edge.Sensors.DriverCatalog.All.SelectMany(driver => driver.Quantities).Select(quantity => (Name: quantity.Quantity, quantity.Unit)).Where(quantity => QuantityInfo.Of(quantity.Name) is not null).ToList();
        Assert.NotEmpty(spoken);
        Assert.All(spoken, quantity => Assert.Contains(quantity.Unit, QuantityInfo.Of(quantity.Name)!.Units));
        Assert.All(QuantityInfo.All, quantity => Assert.Matches("^[a-z0-9_]{1,64}$", quantity.Quantity));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Home_Assistant_finds_each_stream_by_its_own_keys()
    {
        var documents = await ExportAsync("ha");
        Assert.Equal(3, documents.Count);
        string[] known = ["name", "unique_id", "state_topic", "value_template", "json_attributes_topic", "device", "origin", "unit_of_measurement", "device_class", "state_class"];
        foreach (var document in documents)
        {
            // homeassistant/<component>/<object id>/config, and an id that is unique for ever.
            Assert.Matches("^homeassistant/sensor/[a-zA-Z0-9_-]+/config$", QueryTests.Text(document!, "topic"));
            var payload = document!["payload"]!.AsObject();
            Assert.Empty(payload.Select(member => member.Key).Except(known));
            Assert.Matches("^city/.*/pm2_5$", QueryTests.Text(payload, "state_topic"));
            Assert.Equal(("pm25", "µg/m³", "measurement"), (QueryTests.Text(payload, "device_class"), QueryTests.Text(payload, "unit_of_measurement"), QueryTests.Text(payload, "state_class")));
            Assert.NotEmpty(payload["device"]!["identifiers"]!.AsArray());
        }

        Assert.Equal(3, documents.Select(document => QueryTests.Text(document!["payload"]!, "unique_id")).Distinct().Count());
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_Thing_Description_has_what_the_recommendation_requires_and_its_forms_are_answered()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await QueryTests.FillAsync(city);
        foreach (var thing in (await city.GetAsync("/api/v1/catalog/export?format=wot", Stop)).AsArray())
        {
            // TD 1.1, 5.3.1.1: context, title, security and its definitions; 5.3.4.2: each form has a target.
            Assert.Equal("https://www.w3.org/2022/wot/td/v1.1", QueryTests.Text(thing!, "@context"));
            Assert.NotEmpty(QueryTests.Text(thing!, "title"));
            Assert.NotNull(thing!["securityDefinitions"]![QueryTests.Text(thing, "security")]!["scheme"]);
            Assert.NotEmpty(thing["properties"]!.AsObject());
            foreach (var (_, property) in thing["properties"]!.AsObject())
                foreach (var form in property!["forms"]!.AsArray())
                {
                    var value = await city.Http.GetStringAsync(new Uri(new Uri(QueryTests.Text(thing, "base")), QueryTests.Text(form!, "href")), Stop);
                    Assert.NotNull(JsonNode.Parse(value)!["latest"]!["value"]);
                }
        }
    }

    [Fact(Timeout = TestMsMax)]
    public async Task SensorThings_entities_have_every_mandatory_property()
    {
        foreach (var thing in await ExportAsync("sensorthings"))
        {
            // OGC 18-088, tables 4, 8, 10 and 11.
            foreach (var mandatory in new[] { "name", "description" })
                Assert.NotEmpty(QueryTests.Text(thing!, mandatory));
            foreach (var datastream in thing!["Datastreams"]!.AsArray())
            {
                foreach (var mandatory in new[] { "name", "description", "observationType" })
                    Assert.NotEmpty(QueryTests.Text(datastream!, mandatory));
                Assert.Equal(["definition", "name", "symbol"], datastream!["unitOfMeasurement"]!.AsObject().Select(member => member.Key).Order());
                foreach (var mandatory in new[] { "name", "description", "encodingType", "metadata" })
                    Assert.NotEmpty(QueryTests.Text(datastream["Sensor"]!, mandatory));
                foreach (var mandatory in new[] { "name", "definition", "description" })
                    Assert.NotEmpty(QueryTests.Text(datastream["ObservedProperty"]!, mandatory));
            }
        }
    }

    static async Task<JsonArray> ExportAsync(string format)
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await QueryTests.FillAsync(city);
        return (await city.GetAsync($"/api/v1/catalog/export?format={format}", Stop)).AsArray();
    }
}
