namespace EdgeHub.Edge.Uplink;

/// <summary>Which share of the envelopes went again. A decaying count: each envelope counts for an hour, ever less. Any thread.</summary>
public sealed class ResendShare(TimeProvider time)
{
    /// <summary>Fewer say nothing of a line.</summary>
    const double EnvelopesMin = 20;

    static readonly TimeSpan Window = TimeSpan.FromHours(1);

    readonly Lock gate = new();
    double sent;
    double again;
    long countedAt = time.GetTimestamp();

    /// <summary>Between 0 and 1; 0 while too few were sent.</summary>
    public double Value
    {
        get
        {
            lock (gate)
            {
                Decay();
                return sent < EnvelopesMin ? 0 : again / sent;
            }
        }
    }

    public void Sent(bool isAgain)
    {
        lock (gate)
        {
            Decay();
            sent++;
            again += isAgain ? 1 : 0;
        }
    }

    void Decay()
    {
        var now = time.GetTimestamp();
        var kept = Math.Exp(-(time.GetElapsedTime(countedAt, now) / Window));
        (sent, again, countedAt) = (sent * kept, again * kept, now);
    }
}
