using EdgeHub.CloudBridge.Store.Accounting;
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

    /// <summary>Of so many worlds one has two media.</summary>
    const int MirrorEvery = 3;

    const ulong MirrorSalt = 0x4D_49_52_52_4F_52;

    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    readonly ulong seed;
    readonly FaultPlan plan;
    TimeSpan lookedAt;
    TimeSpan booksToldAt;

    SimWorld(ulong seed, Chance chance, BoxSetup setup, FaultPlan plan, SeedOptions options, TextWriter? text)
    {
        (this.seed, this.plan, Setup, Sabotage) = (seed, plan, setup, options.Sabotage);
        Loop = new SimLoop(new Chance(chance.Next64()));
        Story = new Story(() => Loop.Now, text);
        PinPath = Path.Combine(options.ScratchDirectory, "store-id");
        File.Delete(PinPath);
        Brokers = [.. Enumerable.Range(1, Setup.Brokers).Select(i => new SimBroker($"broker-{i}", Loop, new Chance(chance.Next64()), Story))];
        City = new SimCity(this, options.DatabaseName);
        City.Build();
        Oracle = new Oracle(() => Loop.Now, City.Database, Story) { DiskLies = plan.DiskLies && Sabotage == Sabotage.None, TimesMustBeRight = plan.ClocksAreRight };
        Box = new SimBox(this, new Chance(chance.Next64()));
        Sensors = new SimSensors(this, new Chance(chance.Next64()));
        Aggressor.Attach(this);
    }

    /// <summary>Everything as the seed draws it.</summary>
    public static SimWorld Draw(ulong seed, SeedOptions options, TextWriter? text)
    {
        var chance = new Chance(seed);
        var setup = BoxSetup.Draw(chance, options.LiteDb || chance.Next(12) == 0);
        // A chance of its own: the worlds with one medium are the same as ever.
        var mirror = new Chance(seed ^ MirrorSalt);
        if (options.Sabotage == Sabotage.None && mirror.Next(MirrorEvery) == 0)
            setup = setup.WithMirror(mirror);
        return new SimWorld(seed, chance, setup, FaultPlan.Draw(chance, options, setup.Mirror is not null), options, text);
    }

    /// <summary>A storm that is written down, over a box that the seed draws.</summary>
    public static SimWorld Script(ulong seed, FaultPlan plan, Func<BoxSetup, BoxSetup> change, SeedOptions options)
    {
        var chance = new Chance(seed);
        return new SimWorld(seed, chance, change(BoxSetup.Draw(chance, options.LiteDb)), plan, options, null);
    }

    /// <summary>One long outage of a box as it leaves the factory.</summary>
    public static SimWorld Outage(ulong seed, TimeSpan length, TimeSpan sampleInterval, int bytesPerSecond, SeedOptions options, TextWriter? text) =>
        new(seed, new Chance(seed), new BoxSetup { Spool = new Edge.Spool.SpoolOptions(), Limits = new Edge.Uplink.ForwarderLimits(), SampleInterval = sampleInterval }, FaultPlan.Outage(length, bytesPerSecond), options, text);

    public Sabotage Sabotage { get; }

    public SimLoop Loop { get; }

    public Story Story { get; }

    public BoxSetup Setup { get; }

    /// <summary>One a way to the city, in the order in which the box prefers them.</summary>
    public IReadOnlyList<SimBroker> Brokers { get; }

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
        if (plan.DiskLies)
            Box.First.BeginToLie();
        plan.Begin(this);
        City.Start();
        Box.Start();
        Sensors.Start();
        Loop.Run(plan.Length, () => Oracle.Failure is not null);
        if (Oracle.Failure is null && Loop.Escape is null)
            Drain();
        if (Brokers.Select(broker => broker.Violation).FirstOrDefault(found => found is not null) is { } violation)
            Oracle.Abort(violation);
        return new SeedResult(seed, Loop.Escape is { } escape ? $"something ran off the world's thread: {escape}" : Oracle.Failure, Story.Hash, Loop.Now, Oracle.Announced, Oracle.Stored, Oracle.Volatile, plan.Struck, Oracle.Lag, Oracle.BacklogStoredAt - (Oracle.LiveSince ?? Oracle.BacklogStoredAt), Oracle.LiveAmongBacklog, Loop.Escape is null && Oracle.IsPromiseBroken);
    }

    public void Dispose()
    {
        Box.Dispose();
        City.Dispose();
        Aggressor.Dispose();
    }

    void Drain()
    {
        Story.Tell("the storm is over");
        FaultMenu.Mend(this);
        // A clock that is right again is written down with the next block.
        var silence = TimeSpan.FromSeconds(15);
        Loop.After(silence, Sensors.Stop);
        booksToldAt = Loop.Now + silence + LastBooks(Setup.Spool.BooksInterval);
        var isAtRest = Loop.Run(plan.Length + DrainMax, IsAtRest);
        if (Loop.Escape is not null)
            return;
        if (!isAtRest)
            Oracle.Fail($"{Oracle.Undelivered()} records of {Oracle.Announced} readings are not delivered {DrainMax.TotalMinutes:F0} minutes after the storm, {Box.Spools?.Health.WaitingRecords} wait on the box; the first is {Oracle.FirstUndelivered}; on the box {FirstWaiting()}; {Box.Spools?.Health.Mirror}");
        // What comes twice may come late.
        Loop.Run(Loop.Now + TimeSpan.FromSeconds(30), () => Oracle.Failure is not null);
        if (Oracle.Undelivered() > 0)
            Oracle.Fail("what was delivered is gone");
        if (Box.Spools is not { } spools)
            return;
        Oracle.Balance(spools.Health);
        // What a medium brings of a process that ended elsewhere has no last books. Everything of SQLite's is done before it returns.
        if (Oracle.Failure is null && City.Bridges[0].Store is { } store)
            Oracle.Balance(FullAudit.RunAsync(store, SimBox.Id, WallClock.Beginning + Loop.Now, CancellationToken.None).GetAwaiter().GetResult(), spools.Health, hasOneMedium: Box.Second is null, isWhole: LastBooks(Setup.Spool.BooksInterval) > TimeSpan.Zero);
    }

    string? FirstWaiting() => Box.Spools?.Views().Where(view => view.Waiting.Count > 0).Select(view => $"{view.Id} {view.Waiting[0]} of {view.Head}, held {string.Join(' ', Box.Spools.Held(view.Id))}").FirstOrDefault();

    // Where books come each hour nobody waits for the last.
    static TimeSpan LastBooks(TimeSpan interval) => interval < TimeSpan.FromMinutes(1) ? interval + TimeSpan.FromSeconds(10) : TimeSpan.Zero;

    bool IsAtRest()
    {
        if (Oracle.Failure is not null)
            return true;
        if (Loop.Now - lookedAt < LookInterval)
            return false;
        lookedAt = Loop.Now;
        return !Sensors.IsOn && Loop.Now >= booksToldAt && Box.Spools is { } spools && spools.Health.WaitingRecords == 0 && (Box.Second is null || Box.Media.Any(medium => medium.Lies) || Box.IsMirrored) && Oracle.Undelivered() == 0;
    }
}
