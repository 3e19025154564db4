namespace EdgeHub.Simulation.World;

/// <summary>The city: one database, and a bridge at each broker.</summary>
sealed class SimCity(SimWorld world, string databaseName) : IDisposable
{
    static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    List<SimBridge> bridges = [];

    public CityDatabase Database { get; } = new(databaseName);

    public string StoreId { get; } = CityDatabase.StoreId;

    /// <summary>The database is being restored.</summary>
    public bool IsDown { get; private set; }

    public IReadOnlyList<SimBridge> Bridges => bridges;

    public void Build() => bridges = [.. world.Brokers.Select(broker => new SimBridge(world, this, broker))];

    public void Start() => bridges.ForEach(bridge => bridge.Start());

    /// <summary>The database becomes what it was at its backup.</summary>
    public void RestoreBackup()
    {
        if (!Database.HasBackup)
            return;
        IsDown = true;
        bridges.ForEach(bridge => bridge.End());
        world.Loop.After(RestartAfter, () =>
        {
            world.Story.Tell("the database is restored from its backup");
            Database.Restore();
            // History is in LiteDB, on the first medium alone.
            world.Oracle.HistoryMayBeGone |= world.Box.Second is not null;
            world.Oracle.Restored();
            IsDown = false;
            Start();
        });
    }

    public void Dispose()
    {
        bridges.ForEach(bridge => bridge.Dispose());
        Database.Dispose();
    }
}
