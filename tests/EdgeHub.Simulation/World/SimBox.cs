using System.Threading.Channels;
using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;

namespace EdgeHub.Simulation.World;

/// <summary>
/// The box as a machine: a disk that outlives power cuts, a clock that may not, and the daemon, started again a little after
/// each end as a service manager does.
/// </summary>
sealed class SimBox : IDisposable
{
    public const string Id = "box-1";

    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    readonly SimWorld world;
    readonly Chance chance;
    BoxDaemon? daemon;
    TimeSpan bootedAt;

    public SimBox(SimWorld world, Chance chance)
    {
        (this.world, this.chance) = (world, chance);
        Disk = Fresh(new SimulatedDisk());
        Boot = chance.Next128();
    }

    public SimulatedDisk Disk { get; private set; }

    public DiskFaults Faults { get; } = new();

    public WallClock Wall { get; } = new();

    public UInt128 Boot { get; private set; }

    public bool IsSynchronized { get; set; } = true;

    /// <summary>The next boot does not know the time.</summary>
    public bool ForgetsTime { get; set; }

    /// <summary>At a power cut LiteDB's files vanish or rot: they are a copy that may be lost.</summary>
    public bool CutsTakePacks { get; set; }

    public long BootTimeMs => (long)(world.Loop.Now - bootedAt).TotalMilliseconds;

    /// <summary>Where readings go; null while the daemon is down.</summary>
    public ChannelWriter<Reading>? Readings => daemon?.Readings;

    /// <summary>Null while the daemon is down.</summary>
    public Spools? Spools => daemon?.Spools;

    public void Start()
    {
        if (daemon is not null || Disk.IsOff)
            return;
        try
        {
            daemon = new BoxDaemon(world, this, chance);
            world.Story.Tell("the box starts");
        }
        catch (IOException e)
        {
            world.Story.Tell($"the box does not start: {e.Message}");
            daemon = null;
            world.Loop.After(RestartAfter, Start);
        }
    }

    /// <summary>kill -9: what the kernel had taken stays.</summary>
    public void Kill()
    {
        if (daemon is null || Disk.IsOff)
            return;
        world.Story.Tell("the box is killed");
        End();
        world.Loop.After(RestartAfter, Start);
    }

    /// <summary>A clean stop, and a start after it.</summary>
    public void Restart()
    {
        if (daemon is not { } stopping)
            return;
        world.Story.Tell("the box is stopped");
        stopping.Stop();
        world.Loop.After(TimeSpan.FromSeconds(5), () =>
        {
            if (daemon != stopping)
                return;
            stopping.Close();
            daemon = null;
            Start();
        });
    }

    /// <summary>The plug is pulled, from within a disk operation or at any other moment.</summary>
    public void CutPower()
    {
        if (Disk.IsOff)
            return;
        world.Story.Tell("the box loses power");
        Disk.IsOff = true;
        daemon?.Process.Kill();
        // Whatever called this is still on the stack.
        world.Loop.After(TimeSpan.Zero, PowerReturns);
    }

    /// <summary>The time server answers.</summary>
    public void Synchronize() => (Wall.Error, IsSynchronized) = (TimeSpan.Zero, true);

    public void Dispose()
    {
        daemon?.Process.Kill();
        Disk.IsOff = true;
        daemon?.Abandon();
    }

    void PowerReturns()
    {
        End();
        var after = Disk.Cut(new Random((int)chance.Next64()));
        if (world.Sabotage == Sabotage.LiteDbAlone)
            foreach (var name in after.List().Where(name => name.EndsWith(".journal", StringComparison.Ordinal)).ToList())
                after.Delete(name);
        if (CutsTakePacks)
            TakePacks(after);
        after.SyncDirectory();
        Disk = Fresh(after);
        Boot = chance.Next128();
        bootedAt = world.Loop.Now;
        if (ForgetsTime)
            (Wall.Error, IsSynchronized, ForgetsTime) = (DateTimeOffset.UnixEpoch - WallClock.Beginning - world.Loop.Now, false, false);
        world.Loop.After(RestartAfter, Start);
    }

    void TakePacks(SimulatedDisk after)
    {
        foreach (var name in after.List().Where(name => name.EndsWith(".sealed", StringComparison.Ordinal)).ToList())
            switch (chance.Next(3))
            {
                case 0:
                    world.Story.Tell($"{name} vanishes");
                    after.Delete(name);
                    world.Oracle.HistoryMayBeGone = true;
                    break;
                case 1 when after.Bytes(name).Length is > 0 and var length:
                    world.Story.Tell($"{name} rots");
                    after.Flip(name, chance.Next(length));
                    world.Oracle.HistoryMayBeGone = true;
                    break;
            }
    }

    void End()
    {
        daemon?.Process.Kill();
        daemon?.Abandon();
        daemon = null;
        foreach (var broker in world.Brokers)
            broker.Vanish(Id);
    }

    SimulatedDisk Fresh(SimulatedDisk disk)
    {
        disk.SyncLies = world.Sabotage == Sabotage.NoFsync;
        disk.HidesSyncErrors = world.Sabotage == Sabotage.HiddenFsyncError;
        disk.Before = Faults.Before;
        return disk;
    }
}
