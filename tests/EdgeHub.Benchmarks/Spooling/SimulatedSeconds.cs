namespace EdgeHub.Benchmarks.Spooling;

/// <summary>A clock that stands until it is told to go on: an hour of commits takes seconds.</summary>
sealed class SimulatedSeconds : TimeProvider
{
    static readonly DateTimeOffset Start = new(2026, 9, 21, 0, 0, 0, TimeSpan.Zero);

    long seconds;

    public override long TimestampFrequency => 1;

    public void Next() => seconds++;

    public override long GetTimestamp() => seconds;

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(seconds);
}
