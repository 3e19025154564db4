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

/// <summary><c>edgehub-bridge</c> at one broker: the real Receiver and Committer over the city's database, started again after each end.</summary>
sealed class SimBridge(SimWorld world, SimCity city, SimBroker broker) : IDisposable
{
    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    readonly WallClock wall = new();
    SimProcess? process;
    SqliteStore? store;
    Receiver? receiver;
    Auditor? auditor;

    /// <summary>Null while the bridge is down.</summary>
    public SqliteStore? Store => store;

    /// <summary>The next ack is not sent: the bridge dies between commit and ack.</summary>
    public bool DiesBeforeAck { get; set; }

    /// <summary>It dies with the next records in hand, between their arrival and the commit.</summary>
    public bool DiesBeforeCommit { get; set; }

    public void Start()
    {
        if (process is not null || city.IsDown)
            return;
        process = new SimProcess(world.Loop, "bridge", (_, error) => world.Oracle.Abort($"a loop of the bridge died: {error}"));
        var time = new SimClock(world.Loop, process, wall);
        // Everything of SQLite's is done before it returns.
        store = SqliteStore.OpenAsync(city.Database.Name, CancellationToken.None).GetAwaiter().GetResult();
        var end = new SimBridgeBroker(broker, process, world.Setup.ExternalBroker) { DiesBeforeAck = MustDie, Heard = Hear };
        var committer = new Committer(store, time, NullLogger<Committer>.Instance);
        var started = receiver = new Receiver(end, committer, new Topics(), new IntakeOptions { RetryDelayMax = TimeSpan.FromSeconds(5) }, new Watchdog(time), time, NullLogger<Receiver>.Instance)
        {
            Committed = _ =>
            {
                world.Oracle.Committed();
                if (world.Sabotage == Sabotage.LosesRow)
                    city.Database.LoseRow();
            },
        };
        auditor = new Auditor(store, new Watchdog(time), time, NullLogger<Auditor>.Instance);
        var audits = auditor;
        process.Start(() => Execute(started, CancellationToken.None));
        process.Start(() => Execute(audits, CancellationToken.None));
        process.Post(_ => end.StartAsync(CancellationToken.None), null);
        world.Story.Tell($"the bridge at {broker.Name} starts");
    }

    public void Kill()
    {
        if (process is null)
            return;
        world.Story.Tell($"the bridge at {broker.Name} is killed");
        End();
        world.Loop.After(RestartAfter, Start);
    }

    public void End()
    {
        process?.Kill();
        process = null;
        broker.Bridge = null;
        receiver?.Dispose();
        auditor?.Dispose();
        // What it had begun and not committed is rolled back. Done before it returns: nobody else holds the connection.
        store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        (store, receiver, auditor) = (null, null, null);
    }

    void Hear(byte[] payload)
    {
        world.Aggressor.Arrived(broker, payload);
        if (!DiesBeforeCommit)
            return;
        DiesBeforeCommit = false;
        // A batch is open at least as long as nothing more comes.
        world.Loop.After(new IntakeOptions().Quiet / 2, Kill);
    }

    public void Dispose() => End();

    bool MustDie()
    {
        if (!DiesBeforeAck)
            return false;
        DiesBeforeAck = false;
        world.Story.Tell("the bridge dies between commit and ack");
        Kill();
        return true;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ExecuteAsync")]
    static extern Task Execute(Receiver receiver, CancellationToken stoppingToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ExecuteAsync")]
    static extern Task Execute(Auditor auditor, CancellationToken stoppingToken);
}
