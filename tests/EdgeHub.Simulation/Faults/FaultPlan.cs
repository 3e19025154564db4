using EdgeHub.Simulation.World;

namespace EdgeHub.Simulation.Faults;

/// <summary>The storm that a seed draws: what happens when, how long it lasts, and how everything is mended at its end.</summary>
sealed class FaultPlan
{
    const int FaultsMax = 9;

    readonly List<(TimeSpan At, Action<SimWorld> Do)> faults = [];

    public TimeSpan Length { get; private init; }

    /// <summary>Every sync is a lie in this seed: the promise then rests on a medium that breaks its own.</summary>
    public bool DiskLies { get; private init; }

    public bool ClocksAreRight { get; private set; } = true;

    public static FaultPlan Draw(Chance chance, BoxSetup setup, SeedOptions options)
    {
        var plan = new FaultPlan { Length = TimeSpan.FromSeconds(30 + chance.Next(150)), DiskLies = chance.Next(40) == 0 };
        var menu = FaultMenu.For(setup, options.Sabotage);
        for (var left = 1 + chance.Next(FaultsMax); left > 0; left--)
        {
            var fault = menu[chance.Next(menu.Count)];
            plan.ClocksAreRight &= !fault.TurnsClocks;
            var own = new Chance(chance.Next64());
            plan.faults.Add((plan.Length * (chance.Next(1000) / 1000.0), world =>
            {
                world.Story.Tell($"now: {fault.Name}");
                fault.Do(world, own);
            }));
        }

        return plan;
    }

    public void Begin(SimWorld world)
    {
        foreach (var (at, act) in faults)
            world.InStorm(at, () => act(world));
    }

    /// <summary>All is mended: what is down comes back, and nothing breaks any more.</summary>
    public void End(SimWorld world)
    {
        world.Broker.Rules.BehaveWell();
        world.Box.Faults.BehaveWell();
        world.Box.ForgetsTime = false;
        world.Box.Synchronize();
        world.City.DiesBeforeAck = false;
        FaultMenu.Mend(world);
        world.Box.Start();
        world.City.Start();
    }
}
