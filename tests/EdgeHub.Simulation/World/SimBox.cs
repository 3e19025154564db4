using System.Threading.Channels;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;
using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;

namespace EdgeHub.Simulation.World;

/// <summary>
/// The box as a machine: one medium or two that outlive power cuts, a clock that may not, and the daemon, started again a little
/// after each end as a service manager does.
/// </summary>
sealed class SimBox : IDisposable
{
    public const string Id = "box-1";

    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    readonly SimWorld world;
    readonly Chance chance;
    BoxDaemon? daemon;
    TimeSpan bootedAt;
    bool hasPower = true;
    bool isBlank;

    public SimBox(SimWorld world, Chance chance)
    {
        (this.world, this.chance) = (world, chance);
        First = new SimMedium("first", chance, Prepare);
        Boot = chance.Next128();
        if (world.Setup.Mirror is null)
            return;
        Second = new SimMedium("second", chance, Prepare);
        MediumMark.Adopt(First.Disk, Second.Disk, Id, chance.Next128);
    }

    public SimMedium First { get; }

    /// <summary>Null when the box has one medium.</summary>
    public SimMedium? Second { get; }

    public IReadOnlyList<SimMedium> Media => Second is null ? [First] : [First, Second];

    /// <summary>Whether each medium has everything, so that either may be lost.</summary>
    public bool IsMirrored => Spools?.Health.Mirror is { Primary: MediumCondition.Ok, Mirror: MediumCondition.Ok, LagBytes: 0, IsMirrorLead: false } mirror && mirror.Lag == TimeSpan.Zero;

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
        if (daemon is not null || !hasPower)
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
        if (daemon is null || !hasPower)
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
        if (!hasPower)
            return;
        world.Story.Tell("the box loses power");
        hasPower = false;
        Silence();
        daemon?.Process.Kill();
        // Whatever called this is still on the stack.
        world.Loop.After(TimeSpan.Zero, PowerReturns);
    }

    /// <summary>Does it as soon as either medium may be lost, if that is still in the storm.</summary>
    public void OnceMirrored(Action act) => world.InStorm(TimeSpan.FromMilliseconds(100), () =>
    {
        // A stick that was just put in has nothing on it, and the box has not looked yet.
        if (IsMirrored && Media.All(medium => !medium.IsAway && !medium.Lies && medium.Disk.List().Any(name => name.EndsWith(".journal", StringComparison.Ordinal))))
            act();
        else
            OnceMirrored(act);
    });

    /// <summary>The first medium dies with the power, and a blank one is put in.</summary>
    public void ReplaceFirst()
    {
        CutPower();
        world.Story.Tell("the first medium is a blank one");
        First.Replace(new SimulatedDisk());
        First.Disk.IsOff = true;
        // Who puts a new card in leaves the stick where it is: without it the new card would begin a spool store of its own.
        Second!.Faults.BehaveWell();
        isBlank = true;
    }

    /// <summary>Another stick, taken with <c>edgehub mirror</c>.</summary>
    public void ReplaceSecond()
    {
        world.Story.Tell("the second medium is a new one");
        First.Faults.BehaveWell();
        var stick = new SimulatedDisk();
        MediumMark.Adopt(First.Disk, stick, Id, chance.Next128);
        Second!.Replace(stick);
    }

    /// <summary>Only while the first one leads: then nothing is promised on its word.</summary>
    public void LetSecondLie()
    {
        world.Story.Tell("the second medium lies of its syncs");
        Second!.BeginToLie();
    }

    /// <summary>The time server answers.</summary>
    public void Synchronize() => (Wall.Error, IsSynchronized) = (TimeSpan.Zero, true);

    public void Dispose()
    {
        daemon?.Process.Kill();
        Silence();
        daemon?.Abandon();
    }

    /// <summary>Hears nothing of what is done meanwhile, as after a kill.</summary>
    public void Deafly(Action act)
    {
        var disks = Media.Select(medium => medium.Disk).Where(disk => !disk.IsOff).ToList();
        disks.ForEach(disk => disk.IsOff = true);
        act();
        disks.ForEach(disk => disk.IsOff = false);
    }

    void Silence()
    {
        foreach (var medium in Media)
            medium.Disk.IsOff = true;
    }

    void PowerReturns()
    {
        End();
        First.PowerReturns(Suffer);
        Second?.PowerReturns(_ => { });
        hasPower = true;
        Boot = chance.Next128();
        bootedAt = world.Loop.Now;
        if (ForgetsTime)
            (Wall.Error, IsSynchronized, ForgetsTime) = (DateTimeOffset.UnixEpoch - WallClock.Beginning - world.Loop.Now, false, false);
        world.Loop.After(isBlank ? TimeSpan.Zero : RestartAfter, Start);
        isBlank = false;
    }

    void Suffer(SimulatedDisk after)
    {
        if (world.Sabotage == Sabotage.LiteDbAlone)
            foreach (var name in after.List().Where(name => name.EndsWith(".journal", StringComparison.Ordinal)).ToList())
                after.Delete(name);
        if (CutsTakePacks)
            TakePacks(after);
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

    void Prepare(SimulatedDisk disk)
    {
        disk.SyncLies = world.Sabotage == Sabotage.NoFsync;
        disk.HidesSyncErrors = world.Sabotage == Sabotage.HiddenFsyncError;
    }
}
