using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Simulation.Disk;

namespace EdgeHub.Simulation.World;

/// <summary>One medium of the box: a disk that outlives power cuts, that misbehaves, and that can be pulled out and put back.</summary>
sealed class SimMedium
{
    readonly Chance chance;
    readonly Action<SimulatedDisk> prepare;

    /// <param name="prepare">Given each disk that the box is to find here.</param>
    public SimMedium(string name, Chance chance, Action<SimulatedDisk> prepare)
    {
        (Name, this.chance, this.prepare) = (name, chance, prepare);
        Disk = Ready(new SimulatedDisk());
    }

    public string Name { get; }

    public SimulatedDisk Disk { get; private set; }

    public DiskFaults Faults { get; } = new();

    /// <summary>Its syncs do nothing, and say yes.</summary>
    public bool Lies { get; private set; }

    public bool IsAway { get; private set; }

    public IDisk Open() => IsAway ? throw new MediumException(MediumCondition.Away, $"The {Name} medium is not there.") : Disk;

    public void BeginToLie() => Disk.SyncLies = Lies = true;

    public void Unplug() => Disk.IsOff = IsAway = true;

    /// <summary>Back in; what it had not flushed when it was pulled is gone in part.</summary>
    public void Plug()
    {
        if (!IsAway)
            return;
        IsAway = false;
        PowerReturns(_ => { });
    }

    /// <summary>Another one in its place.</summary>
    public void Replace(SimulatedDisk disk)
    {
        Disk.IsOff = true;
        Faults.BehaveWell();
        (Disk, IsAway) = (Ready(disk), false);
    }

    /// <summary>What was not flushed is gone in part, in each medium's own way.</summary>
    /// <param name="happens">What else became of it meanwhile.</param>
    public void PowerReturns(Action<SimulatedDisk> happens)
    {
        if (IsAway)
            return;
        var after = Disk.Cut(new Random((int)chance.Next64()));
        happens(after);
        after.SyncDirectory();
        Disk = Ready(after);
    }

    SimulatedDisk Ready(SimulatedDisk disk)
    {
        prepare(disk);
        disk.SyncLies |= Lies;
        disk.Before = Faults.Before;
        return disk;
    }
}
