namespace EdgeHub.DeviceSims.Demo;

/// <summary>What the demo was asked to do.</summary>
/// <param name="Length">How long sensors speak before the drain; null: until Ctrl-C.</param>
/// <param name="Chaos">Cut the broker, kill the edge and the bridge, re-plug a line during the run.</param>
/// <param name="Kills">Kill the edge so many times more, spread over the run.</param>
/// <param name="Broker">An external broker as host and port; null: the bridge's own.</param>
/// <param name="Postgres">A connection string; null: SQLite in the scratch directory.</param>
/// <param name="Directory">The scratch directory.</param>
public sealed record DemoOptions(TimeSpan? Length, bool Chaos, int Kills, ulong Seed, (string Host, int Port)? Broker, string? Postgres, string Directory)
{
    /// <summary>How long the backlog may take to drain before what is left counts as waiting.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(90);
}
