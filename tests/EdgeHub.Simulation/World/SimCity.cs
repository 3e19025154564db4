using System.Runtime.CompilerServices;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Hosting.Progress;
using EdgeHub.Simulation.Network;
using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Simulation.World;

/// <summary>The city's machine: the database, and the real Receiver and Committer over it, started again after each end.</summary>
sealed class SimCity(SimWorld world, string databaseName) : IDisposable
{
    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    readonly WallClock wall = new();
    SimProcess? process;
    SqliteStore? store;
    Receiver? receiver;
    bool isDown;

    public CityDatabase Database { get; } = new(databaseName);

    public string StoreId { get; } = "c17ec17ec17ec17ec17ec17ec17ec17e";

    /// <summary>The next ack is not sent: the bridge dies between commit and ack.</summary>
    public bool DiesBeforeAck { get; set; }

    public void Start()
    {
        if (process is not null || isDown)
            return;
        process = new SimProcess(world.Loop, "bridge", (_, error) => world.Oracle.Fail($"a loop of the bridge died: {error}"));
        var time = new SimClock(world.Loop, process, wall);
        // Everything of SQLite's is done before it returns.
        store = SqliteStore.OpenAsync(Database.Name, CancellationToken.None).GetAwaiter().GetResult();
        var broker = new SimBridgeBroker(world.Broker, process, world.Setup.ExternalBroker) { DiesBeforeAck = MustDie, Heard = world.Aggressor.Arrived };
        var committer = new Committer(store, time, NullLogger<Committer>.Instance);
        var started = receiver = new Receiver(broker, committer, new Topics(), new IntakeOptions { RetryDelayMax = TimeSpan.FromSeconds(5) }, new Watchdog(time), time, NullLogger<Receiver>.Instance)
        {
            Committed = _ => world.Oracle.Committed(),
        };
        process.Start(() => Execute(started, CancellationToken.None));
        process.Post(_ => broker.StartAsync(CancellationToken.None), null);
        world.Story.Tell("the bridge starts");
    }

    public void Kill()
    {
        if (process is null)
            return;
        world.Story.Tell("the bridge is killed");
        End();
        world.Loop.After(RestartAfter, Start);
    }

    /// <summary>The database becomes what it was at its backup.</summary>
    public void RestoreBackup()
    {
        if (!Database.HasBackup)
            return;
        isDown = true;
        End();
        world.Loop.After(RestartAfter, () =>
        {
            world.Story.Tell("the database is restored from its backup");
            Database.Restore();
            world.Oracle.Restored();
            isDown = false;
            Start();
        });
    }

    public void Dispose()
    {
        End();
        Database.Dispose();
    }

    bool MustDie()
    {
        if (!DiesBeforeAck)
            return false;
        DiesBeforeAck = false;
        world.Story.Tell("the bridge dies between commit and ack");
        Kill();
        return true;
    }

    void End()
    {
        process?.Kill();
        process = null;
        world.Broker.Bridge = null;
        receiver?.Dispose();
        // What it had begun and not committed is rolled back. Done before it returns: nobody else holds the connection.
        store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        (store, receiver) = (null, null);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ExecuteAsync")]
    static extern Task Execute(Receiver receiver, CancellationToken stoppingToken);
}
