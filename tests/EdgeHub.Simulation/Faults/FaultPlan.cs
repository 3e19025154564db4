using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation.Faults;

/// <summary>The storm that a seed draws: what happens when, and how long it lasts.</summary>
sealed class FaultPlan
{
    const int FaultsMax = 9;

    readonly List<(TimeSpan At, Action<SimWorld> Do)> faults = [];

    public TimeSpan Length { get; private init; }

    /// <summary>Every sync is a lie in this seed: the promise then rests on a medium that breaks its own.</summary>
    public bool DiskLies { get; private init; }

    /// <summary>Faults so far.</summary>
    public int Struck { get; private set; }

    public bool ClocksAreRight { get; private set; } = true;

    public static FaultPlan Draw(Chance chance, SeedOptions options, bool isMirrored)
    {
        var plan = new FaultPlan { Length = TimeSpan.FromSeconds(30 + chance.Next(150)), DiskLies = chance.Next(40) == 0 };
        var menu = FaultMenu.For(options.Sabotage, isMirrored).Where(fault => options.Only?.Contains(fault.Name) != false).ToList();
        for (var left = 1 + chance.Next(FaultsMax); left > 0; left--)
        {
            var fault = menu[chance.Next(menu.Count)];
            var own = new Chance(chance.Next64());
            plan.Add(plan.Length * (chance.Next(1000) / 1000.0), fault, own);
        }

        return plan;
    }

    /// <summary>A storm that is written down: which fault of the menu at which second.</summary>
    public static FaultPlan Of(int seconds, params (int At, string Fault)[] script)
    {
        var plan = new FaultPlan { Length = TimeSpan.FromSeconds(seconds) };
        foreach (var (at, name) in script)
            plan.Add(TimeSpan.FromSeconds(at), FaultMenu.For(Sabotage.None, isMirrored: true).First(fault => fault.Name == name), new Chance((ulong)at));
        return plan;
    }

    /// <summary>The line is cut after a minute and comes back after <paramref name="length"/>, narrow as it is; then half an hour more, in which the box must be current.</summary>
    public static FaultPlan Outage(TimeSpan length, int bytesPerSecond)
    {
        var begin = TimeSpan.FromMinutes(1);
        var plan = new FaultPlan { Length = begin + length + TimeSpan.FromMinutes(30) };
        plan.faults.Add((TimeSpan.Zero, world => world.Brokers[0].BoxLink.BytesPerSecond = bytesPerSecond));
        plan.faults.Add((begin, world => world.Brokers[0].BoxLink.Down()));
        plan.faults.Add((begin + length, world =>
        {
            world.Story.Tell($"the line is back; {world.Box.Spools?.Health.WaitingRecords} records wait");
            world.Brokers[0].Welcomed = () => world.Oracle.LiveSince ??= world.Loop.Now;
            world.Brokers[0].BoxLink.Up();
        }));
        return plan;
    }

    public void Begin(SimWorld world)
    {
        foreach (var (at, act) in faults)
            world.InStorm(at, () => act(world));
    }

    void Add(TimeSpan at, Fault fault, Chance chance)
    {
        ClocksAreRight &= !fault.TurnsClocks;
        faults.Add((at, world =>
        {
            Struck++;
            world.Story.Tell($"now: {fault.Name}");
            fault.Do(world, chance);
        }));
    }
}
