using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Api.Catalogs;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;

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
            Assert.Equal("https://www.w3.org/2022/wot/td/v1.1", (string?)thing!["@context"]![0]);
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

    [Fact(Timeout = TestMsMax)]
    public async Task Position_owner_sampling_and_accuracy_stand_in_each_format()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await city.CommitAsync(Placed().DeliverAll());
        var entries = QueryTests.Items(await city.GetAsync("/api/v1/catalog", Stop));
        Assert.Equal(
            ["""open {"longitude":120.127,"latitude":30.275} Water works 330106005012007 {"intervalMs":60000,"onChange":true} """, """pm2_5 {"longitude":120.126,"latitude":30.274,"height":12} Water works 330106005012007 {"intervalMs":1000,"onChange":false,"deadband":2,"heartbeatMs":600000} 10"""],
            entries.Select(entry => $"{entry["quantity"]} {entry["position"]!.ToJsonString()} {entry["owner"]} {entry["grid"]} {entry["sampling"]!.ToJsonString()} {entry["accuracy"]}"));

        // Home Assistant shows an entity with these attributes on its map, and lets a value go that is not renewed.
        var payloads = (await city.GetAsync("/api/v1/catalog/export?format=ha", Stop)).AsArray().Select(document => document!["payload"]!).ToList();
        Assert.Equal(["{{ dict(value_json, longitude=120.127, latitude=30.275) | tojson }}", "{{ dict(value_json, longitude=120.126, latitude=30.274) | tojson }}"], payloads.Select(payload => QueryTests.Text(payload, "json_attributes_template")));
        Assert.Equal([240, 1860], payloads.Select(payload => (int)payload["expire_after"]!));

        var things = (await city.GetAsync("/api/v1/catalog/export?format=wot", Stop)).AsArray();
        var air = things.Single(thing => QueryTests.Text(thing!, "title") == "lane-7 pms1")!;
        Assert.Equal((120.126, 30.274, 12.0, "Water works"), ((double)air["geo:long"]!, (double)air["geo:lat"]!, (double)air["geo:alt"]!, QueryTests.Text(air, "dct:rightsHolder")));
        Assert.Equal((1000, 10.0), ((int)air["properties"]!["pm2_5"]!["edgehub:intervalMs"]!, (double)air["properties"]!["pm2_5"]!["properties"]!["latest"]!["properties"]!["value"]!["edgehub:accuracy"]!));
        // TD 1.1, 7.1: each prefix is bound in the context.
        var bound = air["@context"]![1]!.AsObject().Select(member => member.Key).ToList();
        Assert.All(Prefixes(air), prefix => Assert.Contains(prefix, bound));

        // A Thing has one Location: the door, which stands apart, is a Thing of its own.
        var entities = (await city.GetAsync("/api/v1/catalog/export?format=sensorthings", Stop)).AsArray();
        Assert.Equal(["lane-7.door1 [120.127,30.275]", "lane-7 [120.126,30.274,12]"], entities.Select(thing => $"{thing!["name"]} {Assert.Single(thing["Locations"]!.AsArray())!["location"]!["coordinates"]!.ToJsonString()}"));
        Assert.All(entities, thing => Assert.All(["name", "description", "encodingType"], mandatory => Assert.NotEmpty(QueryTests.Text(thing!["Locations"]![0]!, mandatory))));
        Assert.Equal(("Water works", "330106005012007", 10.0, 600_000), (QueryTests.Text(entities[1]!["properties"]!, "owner"), QueryTests.Text(entities[1]!["properties"]!, "grid"), (double)entities[1]!["Datastreams"]![0]!["properties"]!["accuracy"]!, (int)entities[1]!["Datastreams"]![0]!["properties"]!["heartbeatMs"]!));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task The_catalog_is_printed_by_a_process_of_its_own()
    {
        using var scratch = new ScratchDirectory();
        var file = scratch.File("bridge.json");
        await System.IO.File.WriteAllTextAsync(file, new JsonObject { ["store"] = new JsonObject { ["file"] = scratch.File("city.db") } }.ToJsonString(), Stop);
        // The bridge's own store stays open meanwhile, as beside the daemon.
        await using var store = await BridgeServices.OpenStoreAsync(new StoreOptions { File = scratch.File("city.db") }, TimeProvider.System, Stop);
        await new Committer(store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync([.. Placed().DeliverAll()], [], [], Stop);
        foreach (var (format, says) in new[] { ("ha", "homeassistant/sensor/edgehub_lane_7_pms1_pm2_5/config"), ("wot", "http://api.city/"), ("sensorthings", "application/geo+json") })
        {
            var (code, lines) = await Programs.RunAsync(Programs.Bridge, ["catalog", "export", "--config", file, "--format", format, "--area", "330106/005", "--api", "http://api.city/"], Stop);
            Assert.Equal(0, code);
            var text = string.Join('\n', lines);
            Assert.Equal(2, JsonNode.Parse(text)!.AsArray().Count);
            Assert.Contains(says, text, StringComparison.Ordinal);
        }

        var (elsewhere, nothing) = await Programs.RunAsync(Programs.Bridge, ["catalog", "export", "--config", file, "--format", "ha", "--area", "330106/006"], Stop);
        Assert.Equal((0, "[]"), (elsewhere, string.Join("", nothing)));
        Assert.Equal(2, (await Programs.RunAsync(Programs.Bridge, ["catalog", "export", "--config", file, "--format", "ha", "--area", "a//b"], Stop)).ExitCode);
        Assert.Equal(2, (await Programs.RunAsync(Programs.Bridge, ["catalog", "export", "--config", file, "--format", "wot", "--api", "api.city"], Stop)).ExitCode);
    }

    static TestBox Placed()
    {
        var box = new TestBox("lane-7", 3);
        box.AddCatalog(Wire.Samples.Placed());
        box.AddBlock(4, 1000);
        return box;
    }

    static IEnumerable<string> Prefixes(JsonNode? node) => node switch
    {
        JsonObject words => words.Where(member => member.Key != "@context").SelectMany(member => Prefixes(member.Value).Concat(member.Key.Contains(':', StringComparison.Ordinal) ? [member.Key.Split(':')[0]] : [])),
        JsonArray list => list.SelectMany(Prefixes),
        _ => [],
    };

    static async Task<JsonArray> ExportAsync(string format)
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await QueryTests.FillAsync(city);
        return (await city.GetAsync($"/api/v1/catalog/export?format={format}", Stop)).AsArray();
    }
}
