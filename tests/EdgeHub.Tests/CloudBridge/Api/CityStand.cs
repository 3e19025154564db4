using System.Net;
using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>A city with a store of either kind, boxes that have delivered, and the API on a free port of this machine.</summary>
sealed class CityStand : IAsyncDisposable
{
    readonly ScratchDirectory scratch = new();
    readonly List<HttpClient> clients = [];
    public IStoreReader Reader { get; private set; } = null!;


    public IReadingStore Store { get; private set; } = null!;

    public ApiServer Api { get; private set; } = null!;

    public LiveFeed Feed { get; private set; } = null!;

    public FleetStatus Fleet { get; } = new(TimeProvider.System);

    public HttpClient Http { get; private set; } = null!;

    /// <param name="postgres">The server to store in; null for SQLite.</param>
    public static async Task<CityStand> StartAsync(PostgresServer? postgres, CancellationToken stop, ApiOptions? options = null, TimeProvider? time = null)
    {
        var stand = new CityStand();
        var store = postgres is null
            ? new StoreOptions { File = stand.scratch.File("city.db") }
            : new StoreOptions { Kind = StoreKind.Postgres, Connection = await postgres.CreateDatabaseAsync(stop) };
        stand.Store = await BridgeServices.OpenStoreAsync(store, TimeProvider.System, stop);
        stand.Reader = BridgeServices.OpenReader(store, TimeProvider.System);
        stand.Feed = new LiveFeed(stand.Reader, new Watchdog(TimeProvider.System), TimeProvider.System, NullLogger<LiveFeed>.Instance);
        await stand.Feed.StartAsync(stop);
        stand.Api = new ApiServer((options ?? new ApiOptions()) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, "city", stand.Reader, stand.Fleet, stand.Feed, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        await stand.Api.StartAsync(stop);
        stand.Http = stand.Client(null);
        return stand;
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Api.Address };
        if (key is not null)
            client.DefaultRequestHeaders.Add("Authorization", $"Bearer {key}");
        clients.Add(client);
        return client;
    }

    public async Task CommitAsync(params IEnumerable<DeliveredRecord> records) =>
        await new Committer(Store, TimeProvider.System, NullLogger<Committer>.Instance).CommitAsync([.. records], [], [], CancellationToken.None);

    public async Task<JsonNode> GetAsync(string path, CancellationToken stop, HttpClient? client = null) => JsonNode.Parse(await TextAsync(path, stop, client))!;

    public async Task<string> TextAsync(string path, CancellationToken stop, HttpClient? client = null)
    {
        using var answer = await (client ?? Http).GetAsync(new Uri(path, UriKind.Relative), stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    public async Task<(int Status, JsonNode Body)> ProblemAsync(string path, CancellationToken stop, HttpClient? client = null)
    {
        using var answer = await (client ?? Http).GetAsync(new Uri(path, UriKind.Relative), stop);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        await Api.StopAsync(CancellationToken.None);
        await Api.DisposeAsync();
        await Feed.StopAsync(CancellationToken.None);
        Feed.Dispose();
        await Reader.DisposeAsync();
        await Store.DisposeAsync();
        scratch.Dispose();
    }
}
