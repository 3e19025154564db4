namespace EdgeHub.Edge.Uplink;

/// <summary>
/// How much of the window the backlog may use: one envelope more per window of acks while the city answers quickly, half as
/// much when it answers late or not at all. So a gap fills as fast as the city can take it, and live data never waits for it.
/// </summary>
sealed class BacklogBudget(ForwarderLimits limits)
{
    const double EnvelopesMin = 1;

    static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    double envelopes = EnvelopesMin;
    TimeSpan nextAt;
    TimeSpan halvedAt = TimeSpan.MinValue;

    /// <summary>Backlog envelopes that may be in flight at once.</summary>
    public int Envelopes => (int)envelopes;

    /// <summary>Not before this the next one may go: the configured ceiling, 100 ms of it at once.</summary>
    public TimeSpan NextAt => nextAt - Burst;

    public void Sent(TimeSpan now) =>
        nextAt = (nextAt > now ? nextAt : now) + TimeSpan.FromSeconds(1.0 / limits.BacklogEnvelopesPerSecondMax);

    public void Acked(TimeSpan sentAt, TimeSpan now)
    {
        if (now - sentAt <= limits.BacklogLatencyTarget)
            envelopes = Math.Min(limits.InFlightMax, envelopes + (1 / envelopes));
        else
            Halve(sentAt, now);
    }

    public void TimedOut(TimeSpan sentAt, TimeSpan now) => Halve(sentAt, now);

    public void Reset() => (envelopes, halvedAt) = (EnvelopesMin, TimeSpan.MinValue);

    // What was sent before the last halving says nothing about the smaller budget.
    void Halve(TimeSpan sentAt, TimeSpan now)
    {
        if (sentAt < halvedAt)
            return;
        (envelopes, halvedAt) = (Math.Max(EnvelopesMin, envelopes / 2), now);
    }
}
