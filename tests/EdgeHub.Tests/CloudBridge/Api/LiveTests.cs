using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Tests.Servers;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>The live feed, as a browser or curl hears it.</summary>
public sealed class LiveTests(PostgresServer postgres)
{
    const int TestMsMax = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestMsMax)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_hears_the_newest_values_of_its_area_and_goes_on_where_it_was_cut_off(bool inPostgres)
    {
        await using var city = await CityStand.StartAsync(inPostgres ? postgres : null, Stop);
        var near = new TestBox("box-a", 1);
        near.AddCatalog(1);
        near.AddBlock(1, 1000, 10);
        var far = new TestBox("box-b", 2);
        far.AddCatalog(1, "gate-1", "330106/006/001");
        far.AddBlock(1, 1000, 20);
        await city.CommitAsync([.. near.DeliverAll(), .. far.DeliverAll()]);

        string last;
        using (var listener = await ListenAsync(city, "?area=330106/005", null))
        {
            await listener.UntilAsync(line => line.StartsWith("id: ", StringComparison.Ordinal));
            near.AddBlock(2, 5000, 30);
            far.AddBlock(2, 5000, 40);
            await city.CommitAsync([.. near.Deliver(3, 3), .. far.Deliver(3, 3)]);
            var reading = JsonNode.Parse((await listener.UntilAsync(line => line.StartsWith("data: ", StringComparison.Ordinal)))[6..])!;
            Assert.Equal(("box-a.pms1.pm2_5", 31.0, "ug/m3", QueryTests.Time(6000)), (QueryTests.Text(reading, "stream"), (double)reading["value"]!, QueryTests.Text(reading, "unit"), QueryTests.Text(reading, "time")));
            last = (await listener.UntilAsync(line => line.StartsWith("id: ", StringComparison.Ordinal)))[4..];
        }

        // While nobody listens both boxes go on; who returns with the id hears what moved since, and not what it had.
        near.AddBlock(1, 9000, 50);
        await city.CommitAsync(near.Deliver(4, 4));
        using (var again = await ListenAsync(city, "", last))
        {
            var reading = JsonNode.Parse((await again.UntilAsync(line => line.StartsWith("data: ", StringComparison.Ordinal)))[6..])!;
            Assert.Equal(("box-a.pms1.pm2_5", 50.0), (QueryTests.Text(reading, "stream"), (double)reading["value"]!));
        }

        // From the beginning: the newest of every stream.
        using var whole = await ListenAsync(city, "", "0");
        var first = JsonNode.Parse((await whole.UntilAsync(line => line.StartsWith("data: ", StringComparison.Ordinal)))[6..])!;
        var second = JsonNode.Parse((await whole.UntilAsync(line => line.StartsWith("data: ", StringComparison.Ordinal)))[6..])!;
        Assert.Equal(["box-a.pms1.pm2_5", "box-b.pms1.pm2_5"], new[] { QueryTests.Text(first, "stream"), QueryTests.Text(second, "stream") }.Order());
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Who_leaves_is_forgotten_and_one_too_many_is_told_so()
    {
        await using var city = await CityStand.StartAsync(null, Stop, new ApiOptions { LiveMax = 1 });
        using (var listener = await ListenAsync(city, "", null))
        {
            await listener.UntilAsync(line => line.StartsWith("id: ", StringComparison.Ordinal));
            Assert.Equal(1, city.Feed.Count);
            var (status, problem) = await city.ProblemAsync("/api/v1/live", Stop);
            Assert.Equal(503, status);
            Assert.Contains("api.liveMax", QueryTests.Text(problem, "detail"), StringComparison.Ordinal);
        }

        while (city.Feed.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        Assert.Equal(400, (await city.ProblemAsync("/api/v1/live?qantity=a", Stop)).Status);
    }

    [Fact]
    public void A_slow_reader_is_let_go_after_so_many_batches_and_what_waits_for_it_never_grows()
    {
        var listener = new LiveListener(new StreamFilter(""));
        IReadOnlyList<LiveReading> batch = [new("a.b.c", "t", "1", "", 1, 0, "good", "N", false, "", 1)];
        for (var i = 0; i < LiveListener.BatchesMax; i++)
            Assert.True(listener.Offer(batch));
        Assert.False(listener.Offer(batch));
        var waiting = 0;
        while (listener.Batches.TryRead(out _))
            waiting++;
        Assert.Equal(LiveListener.BatchesMax, waiting);
        Assert.True(listener.Batches.Completion.IsCompleted);
    }

    [Theory]
    [InlineData("330106/005/012", "330106/005", "", true)]
    [InlineData("330106/0051/012", "330106/005", "", false)]
    [InlineData("330106/005/012", "", "pm10", false)]
    [InlineData("330106/005/012", "", "pm2_5", true)]
    public void A_listener_hears_its_area_and_quantity(string area, string scope, string quantity, bool hears) =>
        Assert.Equal(hears, new LiveListener(new StreamFilter(scope) { Quantity = quantity }).Wants(new LiveReading("box.pms1.pm2_5", "t", "1", "", 1, 0, "good", "N", false, "", 1) { Area = area }));

    static async Task<Listener> ListenAsync(CityStand city, string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/live{query}", UriKind.Relative));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await city.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new Listener(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(Stop)));
    }

    sealed record Listener(HttpResponseMessage Answer, StreamReader Lines) : IDisposable
    {
        public async Task<string> UntilAsync(Func<string, bool> wanted)
        {
            while (true)
                if (await Lines.ReadLineAsync(Stop) is var line && wanted(line ?? throw new IOException("The feed has ended.")))
                    return line;
        }

        public void Dispose()
        {
            Lines.Dispose();
            Answer.Dispose();
        }
    }
}
