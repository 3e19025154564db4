using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Network;
using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation.Faults;

/// <summary>What can go wrong. Each fault that lasts mends itself after a time that the seed draws.</summary>
static class FaultMenu
{
    /// <summary>Of a thousand messages, at most.</summary>
    const int RateMax = 900;

    static readonly Fault[] Machines =
    [
        new("kill", (world, _) => world.Box.Kill()),
        new("power", (world, _) => world.Box.CutPower()),
        new("power at an operation", (world, chance) => world.Box.First.Faults.CutAt(1 + chance.Next(30), world.Box.CutPower)),
        new("restart", (world, _) => world.Box.Restart()),
        new("bridge killed", (world, chance) => OneOf(world.City.Bridges, chance).Kill()),
        new("bridge killed between arrival and commit", (world, chance) => OneOf(world.City.Bridges, chance).DiesBeforeCommit = true),
        new("bridge killed between commit and ack", (world, chance) => OneOf(world.City.Bridges, chance).DiesBeforeAck = true),
    ];

    static readonly Fault[] Networks =
    [
        AtBroker("box cut off", broker => broker.BoxLink.Down(), broker => broker.BoxLink.Up()),
        AtBroker("box half open", broker => broker.BoxLink.HalfOpen(), broker => broker.BoxLink.Up()),
        AtBroker("bridge cut off", broker => broker.BridgeLink.Down(), broker => broker.ConnectBridge()),
        AtBroker("broker restarts", broker => broker.Stop(losesState: false), broker => broker.Start()),
        AtBroker("broker restarts empty", broker => broker.Stop(losesState: true), broker => broker.Start()),
        AtBroker("take-over", broker => broker.TakeOver(SimBox.Id), _ => { }),
        Misbehaves("messages lost", (rules, rate) => rules.LostAfterPubAck = rate),
        Misbehaves("messages doubled", (rules, rate) => rules.Doubled = rate),
        Misbehaves("messages out of order", (rules, rate) => rules.Delayed = rate),
        Misbehaves("messages refused", (rules, rate) => rules.Refused = rate),
        Misbehaves("acks lost", (rules, rate) => rules.AcksLost = rate),
        Misbehaves("acks doubled", (rules, rate) => rules.AcksDoubled = rate),
        Misbehaves("acks late", (rules, rate) => rules.AcksDelayed = rate),
        new("Receive Maximum", (world, chance) => OneOf(world.Brokers, chance).Rules.ReceiveMaximum = (ushort)(1 + chance.Next(20))),
        new("swizzle", Swizzle),
    ];

    static readonly Fault[] Disks =
    [
        new("disk full", (world, chance) => Last(world, chance, () => world.Box.First.Faults.IsFull = true, () => world.Box.First.Faults.IsFull = false)),
        new("write error", (world, chance) => world.Box.First.Faults.FailAt(1 + chance.Next(30))),
        new("sync error", (world, chance) => world.Box.First.Faults.FailSyncAt(1 + chance.Next(10))),
        AtMedia("disk refuses", medium => medium.Faults.Refuses = true, medium => medium.Faults.Refuses = false),
        new("history ages", (world, _) => Turn(world, new SpoolOptions().HistoryAge), TurnsClocks: true),
        new("cuts take LiteDB's files", (world, _) => world.Box.CutsTakePacks = true),
    ];

    static readonly Fault[] Clocks =
    [
        new("clock jumps", (world, chance) => world.Box.Wall.Error += TimeSpan.FromSeconds(chance.Next(4000) - 2000), TurnsClocks: true),
        new("clock a year off", (world, chance) => Turn(world, TimeSpan.FromDays(chance.Next(2) == 0 ? 365 : -100)), TurnsClocks: true),
        new("boot in 1970", BootIn1970),
    ];

    static readonly Fault[] Cities =
    [
        new("backup taken", (world, _) => world.City.Database.TakeBackup()),
        new("backup taken", (world, _) => world.City.Database.TakeBackup()),
        new("backup restored", (world, _) => world.City.RestoreBackup()),
        new("acks forged", Aggressor.Forge),
        new("foreign bridge", (world, chance) => Last(world, chance, () => world.Aggressor.IsForeignBridge = true, () => world.Aggressor.IsForeignBridge = false)),
    ];

    // For a box with two.
    static readonly Fault[] Media =
    [
        AtMedium("medium unplugged", medium => medium.Unplug(), medium => medium.Plug()),
        AtMedium("medium refuses", medium => medium.Faults.Refuses = true, medium => medium.Faults.Refuses = false),
        AtMedium("medium read-only", medium => medium.Faults.IsReadOnly = true, medium => medium.Faults.IsReadOnly = false),
        AtMedium("medium full", medium => medium.Faults.IsFull = true, medium => medium.Faults.IsFull = false),
        new("power at an operation of a medium", (world, chance) => OneOf(world.Box.Media, chance).Faults.CutAt(1 + chance.Next(30), world.Box.CutPower)),
        new("write error on a medium", (world, chance) => OneOf(world.Box.Media, chance).Faults.FailAt(1 + chance.Next(30))),
        new("sync error on a medium", (world, chance) => OneOf(world.Box.Media, chance).Faults.FailSyncAt(1 + chance.Next(10))),
        new("unplugged and no power", UnplugAndCut),
        AtMedia("media refuse", medium => medium.Faults.Refuses = true, medium => medium.Faults.Refuses = false),
        AtMedia("media read-only", medium => medium.Faults.IsReadOnly = true, medium => medium.Faults.IsReadOnly = false),
        AtMedia("media unplugged", medium => medium.Unplug(), medium => medium.Plug()),
        new("second medium lies", (world, _) => world.Box.LetSecondLie()),
        new("blank card", (world, _) => world.Box.OnceMirrored(world.Box.ReplaceFirst)),
        new("new stick", (world, _) => world.Box.OnceMirrored(world.Box.ReplaceSecond)),
    ];

    public static IReadOnlyList<Fault> For(Sabotage sabotage, bool isMirrored) => sabotage switch
    {
        Sabotage.None when isMirrored => [.. Machines, .. Media, .. Media, .. Networks, .. Disks, .. Clocks, .. Cities],
        Sabotage.None => [.. Machines, .. Machines, .. Networks, .. Disks, .. Clocks, .. Cities],
        // A broken rule shows where that is called for which it guards.
        Sabotage.HiddenFsyncError => [Disks[2], Disks[2], Machines[1]],
        Sabotage.LiteDbAlone or Sabotage.NoFsync or Sabotage.NumbersReused => Machines,
        Sabotage.AckBeforeCommit => [Machines[5], Networks[0]],
        Sabotage.DigestIgnored => [Cities[3], Cities[3], Networks[6]],
        Sabotage.StoreIdIgnored => [Cities[^1], Cities[^1], Networks[6]],
        _ => Networks,
    };

    /// <summary>The storm is over: every link carries, every machine runs, every clock is right, and nobody misbehaves.</summary>
    public static void Mend(SimWorld world)
    {
        foreach (var medium in world.Box.Media)
        {
            medium.Faults.BehaveWell();
            medium.Plug();
        }

        world.Box.ForgetsTime = false;
        world.Box.Synchronize();
        world.Aggressor.IsForeignBridge = false;
        foreach (var bridge in world.City.Bridges)
            (bridge.DiesBeforeCommit, bridge.DiesBeforeAck) = (false, false);
        foreach (var broker in world.Brokers)
        {
            broker.Rules.BehaveWell();
            broker.BoxLink.Up();
            if (!broker.IsRunning)
                broker.Start();
            broker.ConnectBridge();
        }

        world.Box.Start();
        world.City.Start();
    }

    static Fault AtBroker(string name, Action<SimBroker> begin, Action<SimBroker> end) => new(name, (world, chance) =>
    {
        var broker = OneOf(world.Brokers, chance);
        Last(world, chance, () => begin(broker), () => end(broker));
    });

    static Fault AtMedium(string name, Action<SimMedium> begin, Action<SimMedium> end) => new(name, (world, chance) =>
    {
        var medium = OneOf(world.Box.Media, chance);
        world.Story.Tell($"the {medium.Name} one");
        Last(world, chance, () => begin(medium), () => end(medium));
    });

    // Nothing can be recorded any more: readings go through memory.
    static Fault AtMedia(string name, Action<SimMedium> begin, Action<SimMedium> end) => new(name, (world, chance) => Last(world, chance, () => world.Box.Media.ToList().ForEach(begin), () => world.Box.Media.ToList().ForEach(end)));

    static Fault Misbehaves(string name, Action<BrokerRules, int> set) => new(name, (world, chance) =>
    {
        var rules = OneOf(world.Brokers, chance).Rules;
        Last(world, chance, () => set(rules, 1 + chance.Next(RateMax)), () => set(rules, 0));
    });

    static void Last(SimWorld world, Chance chance, Action begin, Action end)
    {
        begin();
        world.Loop.After(TimeSpan.FromSeconds(1 + chance.Next(90)), end);
    }

    static T OneOf<T>(IReadOnlyList<T> all, Chance chance) => all[chance.Next(all.Count)];

    static void Turn(SimWorld world, TimeSpan by)
    {
        // At once, or when the clock is right again, history is older than it is kept: it may go, and whoever asks for it must be told so.
        world.Oracle.HistoryMayBeGone = true;
        world.Box.Wall.Error += by;
    }

    // A start with one of them alone.
    static void UnplugAndCut(SimWorld world, Chance chance)
    {
        var medium = OneOf(world.Box.Media, chance);
        world.Story.Tell($"the {medium.Name} one");
        Last(world, chance, medium.Unplug, medium.Plug);
        world.Box.CutPower();
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
        var broker = OneOf(world.Brokers, chance);
        (Action Stop, Action Start)[] parts =
        [
            (broker.BoxLink.Down, broker.BoxLink.Up),
            (broker.BridgeLink.Down, broker.ConnectBridge),
            (() => broker.Stop(losesState: false), broker.Start),
            (OneOf(world.City.Bridges, chance).Kill, () => { }),
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
