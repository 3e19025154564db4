using System.Text.Json.Nodes;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>The document, the answers and the refusals say the same.</summary>
public sealed class DocumentTests
{
    const int TestMsMax = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestMsMax)]
    public async Task Every_path_of_the_document_answers_and_every_example_of_a_parameter_is_taken()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        await QueryTests.FillAsync(city);
        var document = await city.GetAsync("/openapi.json", Stop);
        Assert.StartsWith("3.", QueryTests.Text(document, "openapi"), StringComparison.Ordinal);
        var paths = document["paths"]!.AsObject();
        Assert.Superset(new HashSet<string>(["/api/v1/streams", "/api/v1/latest", "/api/v1/streams/{id}/series", "/api/v1/gateways", "/api/v1/gaps", "/api/v1/books", "/api/v1/events"]), paths.Select(path => path.Key).ToHashSet());
        foreach (var (path, operations) in paths)
        {
            var operation = operations!["get"]!;
            Assert.NotEmpty(QueryTests.Text(operation, "summary"));
            if (path.EndsWith("/live", StringComparison.Ordinal))
                continue;
            var query = (operation["parameters"]?.AsArray() ?? []).Where(parameter => QueryTests.Text(parameter!, "in") == "query" && parameter!["example"] is not null)
                .Select(parameter => $"{parameter!["name"]}={Uri.EscapeDataString(parameter["example"]!.ToString())}");
            var at = path.Replace("{id}", path.Contains("gateways", StringComparison.Ordinal) ? "box-a" : "box-a.pms1.pm2_5", StringComparison.Ordinal);
            using var answer = await city.Http.GetAsync(new Uri($"{at}?{string.Join('&', query)}".TrimEnd('?'), UriKind.Relative), Stop);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri}: {await answer.Content.ReadAsStringAsync(Stop)}");
        }
    }

    [Theory(Timeout = TestMsMax)]
    [InlineData("/api/v1/streams?limit=0", "limit", "from 1 to 10000")]
    [InlineData("/api/v1/streams?limit=many", "limit", "from 1 to 10000")]
    [InlineData("/api/v1/streams?gatewy=a", "gatewy", "Did you mean gateway?")]
    [InlineData("/api/v1/streams?limit=1&limit=2", "limit", "Write it once")]
    [InlineData("/api/v1/streams?area=33%25", "area", "330106/005")]
    [InlineData("/api/v1/streams?cursor=!!", "cursor", "next of the page before")]
    [InlineData("/api/v1/catalog?at=yesterday", "at", "2026-11-23T00:00:00Z")]
    [InlineData("/api/v1/catalog?at=2026-11-23T00:00:00Z&cursor=YQ", "cursor", "next of the page before")]
    [InlineData("/api/v1/latest?area=a/b/c/d", "area", "community")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?from=yesterday", "from", "2026-11-23T00:00:00Z")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?from=2026-11-23T00:00:00", "from", "zone")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z", "from", "earlier")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?from=2016-11-23T00:00:00Z", "from", "every=1h")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?every=0s", "every", "from 1s to 31d")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?every=1h&agg=median", "agg", "min, mean, max, count, last")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?agg=max", "agg", "Add every")]
    [InlineData("/api/v1/streams/box-a.pms1.pm2_5/series?every=1h&zone=CST", "zone", "+08:00")]
    [InlineData("/api/v1/streams/box-a/series", "id", "/api/v1/streams")]
    [InlineData("/api/v1/gateways?state=sad", "state", "attention")]
    [InlineData("/api/v1/gaps?kind=holes", "kind", "missing, lost, set-aside")]
    public async Task A_refusal_names_the_parameter_and_the_fix(string path, string parameter, string fix)
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        var (status, problem) = await city.ProblemAsync(path, Stop);
        Assert.Equal((400, 400), (status, (int)problem["status"]!));
        var error = problem["errors"]!.AsArray().Single()!;
        Assert.Equal(parameter, QueryTests.Text(error, "parameter"));
        Assert.Contains(fix, $"{error["reason"]} {error["fix"]}", StringComparison.Ordinal);
        Assert.Contains(parameter, QueryTests.Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_is_not_there_is_a_problem_that_says_where_to_look()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        foreach (var (path, hint) in new[] { ("/api/v1/streams/no.such.stream", "/api/v1/streams"), ("/api/v1/gateways/nobody", "/api/v1/gateways"), ("/api/v1/stream", "/openapi.json"), ("/nothing", "/openapi.json") })
        {
            var (status, problem) = await city.ProblemAsync(path, Stop);
            Assert.Equal(404, status);
            Assert.Contains(hint, QueryTests.Text(problem, "detail"), StringComparison.Ordinal);
        }

        // Everything that is wrong in one answer.
        var (_, both) = await city.ProblemAsync("/api/v1/streams?limit=0&cursor=!!&x=1", Stop);
        Assert.Equal(3, both["errors"]!.AsArray().Count);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_foreign_page_that_reaches_this_machine_under_a_name_of_its_own_gets_nothing()
    {
        await using var city = await CityStand.StartAsync(null, Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/streams", UriKind.Relative));
        request.Headers.Host = "evil.example";
        using var answer = await city.Http.SendAsync(request, Stop);
        Assert.Equal(403, (int)answer.StatusCode);
    }
}
