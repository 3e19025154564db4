using System.Security.Cryptography;
using System.Text;
using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Cli;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.Hosting.Settings;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>Who may ask what.</summary>
public sealed class KeyTests(PostgresServer postgres)
{
    const int TestMsMax = 60_000;

    static readonly (string Key, string Hash) City = ApiKey.New(), Street = ApiKey.New(), Reader = ApiKey.New();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static ApiOptions Options => new()
    {
        Keys =
        [
            new ApiKey("city", ApiRole.Operator, "", SHA256.HashData(Encoding.UTF8.GetBytes(City.Key))),
            new ApiKey("street-5", ApiRole.Operator, "330106/005", SHA256.HashData(Encoding.UTF8.GetBytes(Street.Key))),
            new ApiKey("reader-5", ApiRole.Reader, "330106/005", SHA256.HashData(Encoding.UTF8.GetBytes(Reader.Key))),
        ],
    };

    [Theory(Timeout = TestMsMax)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_of_a_street_sees_its_street_in_every_endpoint_and_nothing_else(bool inPostgres)
    {
        await using var city = await CityStand.StartAsync(inPostgres ? postgres : null, Stop, Options);
        await QueryTests.FillAsync(city);
        // A box of each street with a gap and an event; one street's number begins like the other's.
        foreach (var (gateway, area, seed) in new[] { ("gap-in", "330106/005/001", 5), ("gap-out", "330106/0051/001", 6) })
        {
            var box = new TestBox(gateway, seed);
            box.AddCatalog(1, "site", area);
            box.AddBlock(1);
            box.AddBlock(1, 5000);
            await city.CommitAsync([.. box.Deliver(1, 1), .. box.Deliver(3, 3)]);
            await using var transaction = await city.Store.BeginAsync(Stop);
            await transaction.ExecuteAsync("INSERT INTO event (at, kind, gateway, text, bytes) VALUES ($1, 'refill', $2, 'text', $3)", Stop, TestBox.Offset, gateway, Array.Empty<byte>());
            await transaction.CommitAsync(Stop);
            city.Fleet.Note(GatewayStatus.Offline(gateway, "1", "boot"));
        }

        var (all, street) = (city.Client(City.Key), city.Client(Street.Key));
        var document = await city.GetAsync("/openapi.json", Stop);
        var range = $"from={QueryTests.Time(0)}&to={QueryTests.Time(60_000)}";
        foreach (var path in document["paths"]!.AsObject().Select(path => path.Key).Where(path => !path.EndsWith("/live", StringComparison.Ordinal) && !path.EndsWith("/quantities", StringComparison.Ordinal)))
        {
            // An endpoint that nobody looked at is no endpoint of a scoped key.
            string[] asked = path switch
            {
                "/api/v1/streams" or "/api/v1/latest" or "/api/v1/gateways" or "/api/v1/gaps" or "/api/v1/books" or "/api/v1/catalog" => [path],
                "/api/v1/catalog/export" => [$"{path}?format=ha", $"{path}?format=wot", $"{path}?format=sensorthings"],
                "/api/v1/events" or "/api/v1/export.csv" or "/api/v1/export.parquet" => [$"{path}?{range}"],
                "/api/v1/streams/{id}" => ["/api/v1/streams/gap-out.pms1.pm2_5", "/api/v1/streams/gap-in.pms1.pm2_5"],
                "/api/v1/streams/{id}/series" => [$"/api/v1/streams/gap-out.pms1.pm2_5/series?{range}", $"/api/v1/streams/gap-in.pms1.pm2_5/series?{range}"],
                "/api/v1/gateways/{id}" => ["/api/v1/gateways/gap-out", "/api/v1/gateways/gap-in"],
                _ => throw new InvalidOperationException($"Say how {path} is limited to an area."),
            };
            var (seenByAll, seen) = ("", "");
            foreach (var one in asked)
            {
                seenByAll += await city.TextAsync(one, Stop, all);
                using var answer = await street.GetAsync(new Uri(one, UriKind.Relative), Stop);
                if (answer.IsSuccessStatusCode)
                    seen += await answer.Content.ReadAsStringAsync(Stop);
            }

            Assert.Contains("gap-out", seenByAll, StringComparison.Ordinal);
            Assert.Contains("gap-in", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("gap-out", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("box-b", seen, StringComparison.Ordinal);
        }

        // Asking for another area does not leave one's own.
        Assert.Empty(QueryTests.Items(await city.GetAsync("/api/v1/streams?area=330106/006", Stop, street)));
        Assert.Empty(QueryTests.Items(await city.GetAsync("/api/v1/streams?gateway=box-b", Stop, street)));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Without_a_key_or_with_a_foreign_one_nobody_gets_anything_and_a_reader_is_no_operator()
    {
        await using var city = await CityStand.StartAsync(null, Stop, Options);
        var document = await city.GetAsync("/openapi.json", Stop);
        foreach (var path in document["paths"]!.AsObject().Select(path => path.Key.Replace("{id}", "a.b.c", StringComparison.Ordinal)))
        {
            Assert.Equal(401, (await city.ProblemAsync(path, Stop)).Status);
            Assert.Equal(401, (await city.ProblemAsync(path, Stop, city.Client("ehk_" + new string('0', 64)))).Status);
        }

        var reader = city.Client(Reader.Key);
        foreach (var path in new[] { "/api/v1/gateways", "/api/v1/gateways/x", "/api/v1/books", "/api/v1/events" })
        {
            var (status, problem) = await city.ProblemAsync(path, Stop, reader);
            Assert.Equal(403, status);
            Assert.Contains("operator", QueryTests.Text(problem, "detail"), StringComparison.Ordinal);
        }

        await city.GetAsync("/api/v1/streams", Stop, reader);
        await city.GetAsync("/api/v1/gaps", Stop, reader);
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/streams", UriKind.Relative));
        byHeader.Headers.Add("X-Api-Key", Reader.Key);
        using var answer = await city.Http.SendAsync(byHeader, Stop);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Whoever_asks_too_often_is_told_when_to_come_back_and_nobody_else_is_slowed()
    {
        await using var city = await CityStand.StartAsync(null, Stop, Options with { Rate = 1, Burst = 3 });
        var reader = city.Client(Reader.Key);
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            using var answer = await reader.GetAsync(new Uri("/api/v1/streams", UriKind.Relative), Stop);
            statuses.Add((int)answer.StatusCode);
            if (statuses[^1] != 429)
                continue;
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal([200, 200, 200], statuses[..3]);
        Assert.Contains(429, statuses);
        await city.GetAsync("/api/v1/streams", Stop, city.Client(City.Key));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_new_key_is_shown_once_and_the_line_for_the_configuration_has_only_its_hash()
    {
        using var output = new StringWriter();
        var arguments = "key new --name street-5 --role reader --area 330106/005".Split(' ');
        Assert.Equal(0, await new BridgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, TextReader.Null, output, TextWriter.Null).RunAsync(arguments));
        var key = output.ToString().Split('\n')[0].Trim();
        Assert.Matches("^ehk_[0-9a-f]{64}$", key);
        var line = output.ToString().Split('\n').Single(text => text.Contains("\"hash\"", StringComparison.Ordinal));
        Assert.DoesNotContain(key, line, StringComparison.Ordinal);
        var document = SettingsDocument.FromText($$"""{ "api": { "listen": "0.0.0.0:9466", "keys": [ {{line}} ] } }""", "test", "X__", new Dictionary<string, string>());
        var options = BridgeOptions.Read(document, new Dictionary<string, string>());
        Assert.Empty(document.Errors);
        Assert.Equal(("street-5", ApiRole.Reader, "330106/005"), (options.Api!.Keys[0].Name, options.Api.Keys[0].Role, options.Api.Keys[0].Area));
        Assert.Same(options.Api.Keys[0], ApiKey.Find(options.Api.Keys, key));
        Assert.Null(ApiKey.Find(options.Api.Keys, key[..^1]));
    }

    [Theory]
    [InlineData("""{ "listen": "0.0.0.0:9466" }""", "api.listen", "edgehub-bridge key new")]
    [InlineData("""{ "listen": "nine" }""", "api.listen", "127.0.0.1:9466")]
    [InlineData("""{ "keys": [ { "name": "a", "hash": "ehk_1" } ] }""", "api.keys[0].hash", "sha256:")]
    [InlineData("""{ "keys": [ { "name": "a", "role": "king", "hash": "sha256:0000000000000000000000000000000000000000000000000000000000000000" } ] }""", "api.keys[0].role", "reader, operator")]
    [InlineData("""{ "keys": [ { "name": "a", "area": "1/#", "hash": "sha256:0000000000000000000000000000000000000000000000000000000000000000" } ] }""", "api.keys[0].area", "330106/005")]
    [InlineData("""{ "kys": [] }""", "api.kys", "keys")]
    public void A_door_that_would_stand_open_or_a_key_that_is_none_is_refused_with_the_fix(string api, string key, string fix)
    {
        var document = SettingsDocument.FromText($$"""{ "api": {{api}} }""", "test", "X__", new Dictionary<string, string>());
        BridgeOptions.Read(document, new Dictionary<string, string>());
        var error = Assert.Single(document.Errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(fix, $"{error.Reason} {error.Fix}", StringComparison.Ordinal);
    }
}
