using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation.Faults;

/// <summary>What can go wrong. Each fault that lasts mends itself after a time that the seed draws.</summary>
static class FaultMenu
{
    static readonly Fault[] Machines =
    [
        new("kill", (world, _) => world.Box.Kill()),
        new("power", (world, _) => world.Box.CutPower()),
        new("power at an operation", (world, chance) => world.Box.Faults.CutAt(1 + chance.Next(30), world.Box.CutPower)),
        new("restart", (world, _) => world.Box.Restart()),
        new("bridge killed", (world, _) => world.City.Kill()),
        new("bridge killed between commit and ack", (world, _) => world.City.DiesBeforeAck = true),
    ];

    static readonly Fault[] Networks =
    [
        new("box cut off", (world, chance) => Last(world, chance, world.Box.Link.Down, world.Box.Link.Up)),
        new("box half open", (world, chance) => Last(world, chance, world.Box.Link.HalfOpen, world.Box.Link.Up)),
        new("bridge cut off", (world, chance) => Last(world, chance, world.Broker.BridgeLink.Down, () => ConnectBridge(world))),
        new("broker restarts", (world, chance) => Last(world, chance, () => world.Broker.Stop(losesState: false), world.Broker.Start)),
        new("broker restarts empty", (world, chance) => Last(world, chance, () => world.Broker.Stop(losesState: true), world.Broker.Start)),
        new("take-over", (world, _) => world.Broker.TakeOver(SimBox.Id)),
        new("messages lost", (world, chance) => Last(world, chance, () => world.Broker.Rules.LostAfterPubAck = 1 + chance.Next(600), () => world.Broker.Rules.LostAfterPubAck = 0)),
        new("messages doubled", (world, chance) => Last(world, chance, () => world.Broker.Rules.Doubled = 1 + chance.Next(900), () => world.Broker.Rules.Doubled = 0)),
        new("messages out of order", (world, chance) => Last(world, chance, () => world.Broker.Rules.Delayed = 1 + chance.Next(900), () => world.Broker.Rules.Delayed = 0)),
        new("messages refused", (world, chance) => Last(world, chance, () => world.Broker.Rules.Refused = 1 + chance.Next(900), () => world.Broker.Rules.Refused = 0)),
        new("acks lost", (world, chance) => Last(world, chance, () => world.Broker.Rules.AcksLost = 1 + chance.Next(900), () => world.Broker.Rules.AcksLost = 0)),
        new("acks doubled", (world, chance) => Last(world, chance, () => world.Broker.Rules.AcksDoubled = 1 + chance.Next(900), () => world.Broker.Rules.AcksDoubled = 0)),
        new("acks late", (world, chance) => Last(world, chance, () => world.Broker.Rules.AcksDelayed = 1 + chance.Next(900), () => world.Broker.Rules.AcksDelayed = 0)),
        new("Receive Maximum", (world, chance) => world.Broker.Rules.ReceiveMaximum = (ushort)(1 + chance.Next(20))),
        new("swizzle", Swizzle),
    ];

    static readonly Fault[] Disks =
    [
        new("disk full", (world, chance) => Last(world, chance, () => world.Box.Faults.IsFull = true, () => world.Box.Faults.IsFull = false)),
        new("write error", (world, chance) => world.Box.Faults.FailAt(1 + chance.Next(30))),
        new("sync error", (world, chance) => world.Box.Faults.FailSyncAt(1 + chance.Next(10))),
        new("cuts take LiteDB's files", (world, _) => world.Box.CutsTakePacks = true),
    ];

    static readonly Fault[] Clocks =
    [
        new("clock jumps", (world, chance) => world.Box.Wall.Error += TimeSpan.FromSeconds(chance.Next(4000) - 2000), TurnsClocks: true),
        new("clock a year off", (world, chance) => world.Box.Wall.Error += TimeSpan.FromDays(chance.Next(2) == 0 ? 365 : -100), TurnsClocks: true),
        new("boot in 1970", BootIn1970),
    ];

    static readonly Fault[] Cities =
    [
        new("backup taken", (world, _) => world.City.Database.TakeBackup()),
        new("backup taken", (world, _) => world.City.Database.TakeBackup()),
        new("backup restored", (world, _) => world.City.RestoreBackup()),
        new("acks forged", Aggressor.Forge),
    ];

    public static IReadOnlyList<Fault> For(BoxSetup setup, Sabotage sabotage) => sabotage switch
    {
        Sabotage.None => [.. Machines, .. Machines, .. Networks, .. Disks, .. Clocks, .. Cities],
        // A broken rule shows where that is called for which it guards.
        Sabotage.HiddenFsyncError => [Disks[2], Disks[2], Machines[1]],
        Sabotage.LiteDbAlone or Sabotage.NoFsync or Sabotage.NumbersReused => Machines,
        Sabotage.AckBeforeCommit => [.. Machines[4..], .. Networks],
        _ => Networks,
    };

    /// <summary>Every link carries and every machine runs.</summary>
    public static void Mend(SimWorld world)
    {
        world.Box.Link.Up();
        if (!world.Broker.IsRunning)
            world.Broker.Start();
        ConnectBridge(world);
    }

    static void ConnectBridge(SimWorld world)
    {
        world.Broker.BridgeLink.Up();
        world.Broker.Bridge?.Reconnect();
    }

    static void Last(SimWorld world, Chance chance, Action begin, Action end)
    {
        begin();
        world.Loop.After(TimeSpan.FromSeconds(1 + chance.Next(90)), end);
    }

    static void BootIn1970(SimWorld world, Chance chance)
    {
        world.Box.ForgetsTime = true;
        world.Box.CutPower();
        world.Loop.After(TimeSpan.FromSeconds(5 + chance.Next(60)), world.Box.Synchronize);
    }

    // Some of everything stops, one by one, and comes back in another order.
    static void Swizzle(SimWorld world, Chance chance)
    {
        (Action Stop, Action Start)[] parts =
        [
            (world.Box.Link.Down, world.Box.Link.Up),
            (world.Broker.BridgeLink.Down, () => ConnectBridge(world)),
            (() => world.Broker.Stop(losesState: false), world.Broker.Start),
            (world.City.Kill, () => { }),
            (world.Box.Kill, () => { }),
        ];
        foreach (var (stop, start) in parts)
            if (chance.Next(2) == 0)
            {
                world.InStorm(TimeSpan.FromSeconds(chance.Next(10)), stop);
                world.Loop.After(TimeSpan.FromSeconds(10 + chance.Next(20)), start);
            }
    }
}
