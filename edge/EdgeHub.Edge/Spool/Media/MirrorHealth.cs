namespace EdgeHub.Edge.Spool.Media;

/// <summary>How the two media are, at one moment.</summary>
/// <param name="IsMirrorLead">Records go to the second medium first, because the first one does not take them.</param>
/// <param name="MirrorBytes">Of ours on the second medium.</param>
/// <param name="LagBytes">Of the journal that one medium has and the other lacks.</param>
/// <param name="Lag">Age of the oldest commit that one medium alone has.</param>
/// <param name="Repaired">Entries that one copy had lost and that the scrub wrote there again, since this process started.</param>
/// <param name="ScrubRounds">Times that both copies were read whole and compared, since this process started.</param>
/// <param name="Contradictions">Places where the copies differ and both are whole, since this process started.</param>
public sealed record MirrorHealth(
    MediumCondition Primary,
    string PrimarySentence,
    MediumCondition Mirror,
    string MirrorSentence,
    bool IsMirrorLead,
    long MirrorBytes,
    long LagBytes,
    TimeSpan Lag,
    ulong Repaired,
    ulong ScrubRounds,
    ulong Contradictions)
{
    /// <summary>One line for the technician and the city.</summary>
    public override string ToString()
    {
        if (IsMirrorLead)
            return $"{Primary}: records go to the second medium. {PrimarySentence}";
        if (Contradictions > 0)
            return $"{Mirror}; the copies differ in {Contradictions} places: keep both media and compare them";
        return Mirror is MediumCondition.Ok ? $"ok, {LagBytes} bytes behind" : $"{Mirror}: {MirrorSentence}";
    }
}
