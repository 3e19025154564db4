using System.Data.Common;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Outgoing;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeHub.CloudBridge.Composition;

/// <summary>Opens the store, then runs broker, publisher and receiver on it, and closes them in reverse.</summary>
static class BridgeDaemon
{
    public static Task<int> RunAsync(BridgeOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter errors, CancellationToken cancellationToken) =>
        WithStoreAsync(options, time, errors, store => HostAsync(options, environment, time, store, cancellationToken), cancellationToken);

    /// <summary>Opens the store and says in one line why it cannot be used.</summary>
    public static async Task<int> WithStoreAsync(BridgeOptions options, TimeProvider time, TextWriter errors, Func<IReadingStore, Task<int>> then, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await BridgeServices.OpenStoreAsync(options.Store, time, cancellationToken);
            return await then(store);
        }
        catch (NewerFormatException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.NewerFormat;
        }
        catch (Exception e) when (e is StoreRefusedException or DbException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"The store cannot be used: {e.Message}{(e.InnerException is { } cause ? $" ({cause.Message})" : "")}");
            return ExitCode.Fault;
        }
    }

    static async Task<int> HostAsync(BridgeOptions options, IReadOnlyDictionary<string, string> environment, TimeProvider time, IReadingStore store, CancellationToken cancellationToken)
    {
        var readiness = new Readiness();
        var setup = new DaemonSetup
        {
            Name = "edgehub-bridge",
            Http = options.Http,
            Log = options.Log,
            Time = time,
            Environment = environment,
            Watchdog = new Watchdog(time),
            Readiness = readiness,
        };
        var builder = Daemon.CreateBuilder(setup);
        builder.Services.AddBridge(options, store, setup.Watchdog);
        await using var app = builder.Build();
        var broker = app.Services.GetRequiredService<IBroker>();
        var receiver = app.Services.GetRequiredService<Receiver>();
        if (options.Api is not null)
            await RememberAsync(app.Services.GetRequiredService<FleetStatus>(), new Topics(options.Prefix), store, cancellationToken);
        readiness.Add("broker", () => broker.IsConnected ? null : broker.State);
        var auditor = app.Services.GetRequiredService<Auditor>();
        readiness.Add("books", () => auditor.Trouble);
        readiness.Add("store", () => receiver.StoreState is { Fault: not StoreFault.None } state ? state.Sentence : null);
        return await Daemon.RunAsync(app, cancellationToken);
    }

    // The embedded broker's retained statuses; an external broker gives its own again.
    static async Task RememberAsync(FleetStatus fleet, Topics topics, IReadingStore store, CancellationToken cancellationToken)
    {
        foreach (var message in await RetainedTable.LoadAsync(store, RetainedKeeper.TopicsMax, cancellationToken))
            if (topics.TryParse(message.Topic, out _, out var kind) && kind == "status" && GatewayStatus.TryParse(message.Payload.Span, out _) is { } status)
                fleet.NoteRetained(status);
    }
}
