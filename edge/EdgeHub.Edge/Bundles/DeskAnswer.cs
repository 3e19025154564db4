namespace EdgeHub.Edge.Bundles;

/// <summary>What became of an ack that was carried by hand.</summary>
/// <param name="Outcome">A <see cref="Edge.Spool.ReleaseOutcome"/>, or <see cref="ForeignStore"/>.</param>
/// <param name="Records">Records that waited and are released now.</param>
/// <param name="BoundTo">The store whose acks count for this box; null while it has none.</param>
sealed record DeskAnswer(string Outcome, ulong Records, string? BoundTo)
{
    public const string ForeignStore = "ForeignStore";
}
