using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Publish;
using EdgeHub.CloudBridge.Store;
using EdgeHub.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge;

/// <summary>The one place where the bridge's parts are put together.</summary>
public static class BridgeServices
{
    public static Task<IReadingStore> OpenStoreAsync(BridgeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OpenAsync(options.Store, cancellationToken);
    }

    public static IServiceCollection AddBridge(this IServiceCollection services, BridgeOptions options, IReadingStore store)
    {
        ArgumentNullException.ThrowIfNull(options);
        var topics = new Topics(options.Prefix);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        services.AddSingleton<RetainedKeeper>();
        services.AddSingleton<Committer>();
        services.AddSingleton<IBroker>(provider => new EmbeddedBroker(options.Broker, provider.GetRequiredService<RetainedKeeper>(), provider.GetRequiredService<ILogger<EmbeddedBroker>>()));
        services.AddSingleton(provider => new Receiver(
            provider.GetRequiredService<IBroker>(),
            provider.GetRequiredService<Committer>(),
            topics,
            options.Intake,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Receiver>>()));
        services.AddSingleton(provider => new Publisher(
            new Outbox(store, options.Publish.Prefix),
            provider.GetRequiredService<IBroker>(),
            options.Publish,
            provider.GetRequiredService<RetainedKeeper>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Publisher>>()));
        // Outputs start first and intake last; they stop in reverse, and the broker outlives the acks that it carries.
        services.AddHostedService<BrokerService>();
        services.AddHostedService(provider => provider.GetRequiredService<Publisher>());
        services.AddHostedService(provider =>
        {
            var receiver = provider.GetRequiredService<Receiver>();
            receiver.Committed = provider.GetRequiredService<Publisher>().Wake;
            return receiver;
        });
        return services;
    }

    static async Task<IReadingStore> OpenAsync(StoreOptions options, CancellationToken cancellationToken) =>
        await SqliteStore.OpenAsync(options.SqliteFile, cancellationToken);
}
