using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.CloudBridge.Store.Queries;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.CloudBridge.Store.Upkeep;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Composition;

/// <summary>The one place where the bridge's parts are put together.</summary>
public static class BridgeServices
{
    public static async Task<IReadingStore> OpenStoreAsync(StoreOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Kind == StoreKind.Postgres
            ? await PostgresStore.OpenAsync(options, time, cancellationToken)
            : await SqliteStore.OpenAsync(options.File, cancellationToken);
    }

    /// <summary>Connections beside the store's own, for questions.</summary>
    public static IStoreReader OpenReader(StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Kind == StoreKind.Postgres ? PostgresReader.Open(options, time) : new SqliteReader(options.File, time);
    }

    /// <summary>Expects a <see cref="TimeProvider"/> among the services.</summary>
    public static IServiceCollection AddBridge(this IServiceCollection services, BridgeOptions options, IReadingStore store, Watchdog watchdog)
    {
        ArgumentNullException.ThrowIfNull(options);
        var topics = new Topics(options.Prefix);
        services.AddSingleton(store);
        services.AddSingleton<Committer>();
        services.AddSingleton(new RetainedKeeper(store));
        services.AddSingleton<FleetStatus>();
        services.AddSingleton<IBroker>(provider => options.Broker.Kind == BrokerKind.External
            ? new ExternalBroker(options.Broker, topics, store.StoreId, watchdog, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ExternalBroker>>())
            : new EmbeddedBroker(options.Broker, topics, provider.GetRequiredService<RetainedKeeper>(), provider.GetRequiredService<ILogger<EmbeddedBroker>>()));
        services.AddSingleton(provider => new Receiver(
            provider.GetRequiredService<IBroker>(),
            provider.GetRequiredService<Committer>(),
            topics,
            options.Intake,
            watchdog,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Receiver>>()));
        services.AddSingleton(provider => new Publisher(
            new Outbox(store, options.Publish.Prefix),
            provider.GetRequiredService<IBroker>(),
            options.Publish,
            options.Broker.Kind == BrokerKind.Embedded ? provider.GetRequiredService<RetainedKeeper>() : null,
            watchdog,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Publisher>>()));
        services.AddHostedService(provider => new HashPruner(store, watchdog, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HashPruner>>()));
        services.AddHostedService(provider => new UpkeepLoop(store, options.Store.Upkeep, watchdog, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<UpkeepLoop>>()));
        services.AddSingleton(provider => new Auditor(store, watchdog, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Auditor>>()));
        services.AddHostedService(provider => provider.GetRequiredService<Auditor>());
        // They stop in reverse: the broker outlives the acks that it carries.
        services.AddHostedService<BrokerService>();
        services.AddHostedService(provider => provider.GetRequiredService<Publisher>());
        services.AddHostedService(provider =>
        {
            var receiver = provider.GetRequiredService<Receiver>();
            receiver.Committed = provider.GetRequiredService<Publisher>().Take;
            receiver.StatusHeard = provider.GetRequiredService<FleetStatus>().Note;
            return receiver;
        });
        if (options.Api is { } api)
        {
            services.AddSingleton(provider => OpenReader(options.Store, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider => new ApiServer(api, options.Publish.Prefix, provider.GetRequiredService<IStoreReader>(), provider.GetRequiredService<FleetStatus>(), provider.GetRequiredService<LiveFeed>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
            services.AddSingleton(provider => new LiveFeed(provider.GetRequiredService<IStoreReader>(), watchdog, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveFeed>>()));
            services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
            services.AddHostedService(provider => provider.GetRequiredService<ApiServer>());
        }

        return services;
    }
}
