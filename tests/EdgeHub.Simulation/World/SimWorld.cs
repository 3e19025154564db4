using EdgeHub.Simulation.Faults;
using EdgeHub.Simulation.Network;
using EdgeHub.Simulation.Scheduling;

namespace EdgeHub.Simulation.World;

/// <summary>
/// A box, a broker and a city, and a storm over them that the seed draws. Then the storm ends, and everything that was recorded must
/// arrive within <see cref="DrainMax"/>.
/// </summary>
sealed class SimWorld : IDisposable
{
    /// <summary>Longest time to come to rest: several of the longest waits that the box keeps after failures.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(45);

    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    readonly ulong seed;
    readonly Chance chance;
    readonly FaultPlan plan;
    TimeSpan lookedAt;

    public SimWorld(ulong seed, SeedOptions options, TextWriter? text)
    {
        (this.seed, Sabotage, chance) = (seed, options.Sabotage, new Chance(seed));
        Loop = new SimLoop(new Chance(chance.Next64()));
        Story = new Story(() => Loop.Now, text);
        Setup = BoxSetup.Draw(chance, options.LiteDb || chance.Next(12) == 0);
        plan = FaultPlan.Draw(chance, Setup, options);
        PinPath = Path.Combine(options.ScratchDirectory, "store-id");
        File.Delete(PinPath);
        Broker = new SimBroker(Loop, new Chance(chance.Next64()), Story);
        City = new SimCity(this, options.DatabaseName);
        Oracle = new Oracle(() => Loop.Now, City.Database, Story) { DiskLies = plan.DiskLies && Sabotage == Sabotage.None, TimesMustBeRight = plan.ClocksAreRight };
        Box = new SimBox(this, new Chance(chance.Next64()));
        Sensors = new SimSensors(this, new Chance(chance.Next64()));
        Aggressor.Attach(this);
    }

    public Sabotage Sabotage { get; }

    public SimLoop Loop { get; }

    public Story Story { get; }

    public BoxSetup Setup { get; }

    public SimBroker Broker { get; }

    public SimCity City { get; }

    public SimBox Box { get; }

    public SimSensors Sensors { get; }

    public Aggressor Aggressor { get; set; } = null!;

    public Oracle Oracle { get; }

    /// <summary>Where the box keeps which store it is bound to.</summary>
    public string PinPath { get; }

    /// <summary>Later in the storm; never after it.</summary>
    public void InStorm(TimeSpan delay, Action act) => Loop.After(delay, () =>
    {
        if (Loop.Now < plan.Length)
            act();
    });

    public SeedResult Run()
    {
        Box.Disk.SyncLies |= plan.DiskLies;
        plan.Begin(this);
        City.Start();
        Box.Start();
        Sensors.Start();
        Loop.Run(plan.Length, () => Oracle.Failure is not null);
        if (Oracle.Failure is null && Loop.Escape is null)
            Drain();
        if (Broker.Violation is { } violation)
            Oracle.Fail(violation);
        return new SeedResult(seed, Loop.Escape is { } escape ? $"something ran off the world's thread: {escape}" : Oracle.Failure, Story.Hash, Loop.Now, Oracle.Announced, Oracle.Stored, Oracle.Lag);
    }

    public void Dispose()
    {
        Box.Close();
        City.Dispose();
    }

    void Drain()
    {
        Story.Tell("the storm is over");
        plan.End(this);
        // A clock that is right again is written down with the next block.
        Loop.After(TimeSpan.FromSeconds(15), Sensors.Stop);
        var isAtRest = Loop.Run(plan.Length + DrainMax, IsAtRest);
        if (Loop.Escape is not null)
            return;
        if (!isAtRest)
            Oracle.Fail($"{Oracle.Undelivered()} of {Oracle.Announced} readings' records are not delivered {DrainMax.TotalMinutes:F0} minutes after the storm, {Box.Spools?.Health.WaitingRecords} wait on the box");
        // What comes twice may come late.
        Loop.Run(Loop.Now + TimeSpan.FromSeconds(30), () => Oracle.Failure is not null);
        if (Oracle.Undelivered() > 0)
            Oracle.Fail("what was delivered is gone");
        if (Box.Spools is { } spools)
            Oracle.Balance(spools.Health);
    }

    bool IsAtRest()
    {
        if (Oracle.Failure is not null)
            return true;
        if (Loop.Now - lookedAt < LookInterval)
            return false;
        lookedAt = Loop.Now;
        return !Sensors.IsOn && Box.Spools is { } spools && spools.Health.WaitingRecords == 0 && Oracle.Undelivered() == 0;
    }
}
