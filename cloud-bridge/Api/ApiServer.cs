using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Api;

/// <summary>
/// The platform's door. Invariants:
/// <list type="bullet">
/// <item>A web host of its own, with its own listener, limits and database connections: nothing that is asked here delays storing.</item>
/// <item>Every answer passes the gate first; what a caller may see is part of each query, not of the answer.</item>
/// <item>Every question has a limit: range, page, time, rate, and how many at once.</item>
/// </list>
/// </summary>
public sealed partial class ApiServer(ApiOptions options, string cityPrefix, IStoreReader store, FleetStatus fleet, LiveFeed feed, TimeProvider time, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    const int ConnectionsMax = 1000;
    const int RequestHeadBytesMax = 16 << 10;

    readonly ILogger logger = logs.CreateLogger<ApiServer>();
    WebApplication? app;
    X509Certificate2? certificate;

    /// <summary>Where it answers, once it does.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        app = Build();
        await app.StartAsync(cancellationToken);
        Address = new Uri(app.Urls.First());
        LogStarted(Address, options.Keys.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        certificate?.Dispose();
    }

    WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "edgehub-bridge", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = ConnectionsMax;
            server.Limits.MaxRequestBodySize = 0;
            server.Limits.MaxRequestHeadersTotalSize = RequestHeadBytesMax;
            server.Listen(options.Listen, listener =>
            {
                if (options.Tls is { CertificateFile: { } file, KeyFile: { } key })
                    listener.UseHttps(certificate = X509Certificate2.CreateFromPemFile(file, key));
            });
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddRateLimiter(Limit);
        Description.Add(builder.Services);
        var built = builder.Build();
        Map(built);
        return built;
    }

    void Map(WebApplication application)
    {
        var reception = new Reception(store, time, logger);
        var gate = new Gate(options);
        application.Use(next => context => reception.AnswerAsync(context, next));
        application.UseRouting();
        application.Use(next => context => gate.PassAsync(context, next));
        application.UseRateLimiter();
        var api = application.MapGroup("/api/v1");
        new StreamEndpoints(store, time).Map(api);
        new GatewayEndpoints(store, fleet, time).Map(api);
        new CatalogEndpoints(store, cityPrefix, time).Map(api);
        new ExportEndpoints(store, time).Map(api);
        new LiveEndpoint(store, feed, options, time).Map(api);
        PageEndpoint.Map(application);
        application.MapOpenApi("/openapi.json");
    }

    void Limit(RateLimiterOptions limiter)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Features.Get<Caller>() is { } caller
            ? RateLimitPartition.GetTokenBucketLimiter(caller.Name, _ => new TokenBucketRateLimiterOptions { TokenLimit = options.Burst, TokensPerPeriod = options.Rate, ReplenishmentPeriod = TimeSpan.FromSeconds(1) })
            : RateLimitPartition.GetNoLimiter(""));
        limiter.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told) && told > TimeSpan.Zero ? told : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Reception.RefuseAsync(rejected.HttpContext, Problem.Of(StatusCodes.Status429TooManyRequests, "Too many requests", $"This key may ask {options.Rate} times a second. Wait as Retry-After says, ask for larger pages, or take the live feed."));
        };
    }

    // The daemon's own host hears the signals and stops this one.
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(EventId = 900, Level = LogLevel.Information, Message = "The query API answers on {Address} for {Keys} keys; /openapi.json describes it.")]
    partial void LogStarted(Uri address, int keys);
}
