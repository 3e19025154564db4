namespace EdgeHub.Edge.Spool;

/// <summary>What became of an ack's ranges.</summary>
/// <param name="Records">Records that were waiting and are released now.</param>
/// <param name="Readings">Readings in them.</param>
public readonly record struct ReleaseResult(ReleaseOutcome Outcome, ulong Records, ulong Readings)
{
    /// <summary>Whether everything named is released now, or was before.</summary>
    public bool IsReleased => Outcome is ReleaseOutcome.Released or ReleaseOutcome.AlreadyReleased;
}
