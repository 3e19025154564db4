namespace EdgeHub.Edge.Uplink;

/// <summary>
/// How many bytes of old records may be on their way at once, so that live ones never stand long behind them. A link is a queue: what
/// is sent in advance is what a live record waits for. The window grows while acks come within the target of the quickest one on this
/// connection, first doubling, then by an envelope for each window, and halves when they come later or not at all. So it settles just above
/// what the link and the city carry within the target, whether that is 64 kbit/s or a local network, and no envelope is longer than a part of it.
/// </summary>
sealed class BacklogBudget(ForwarderLimits limits)
{
    /// <summary>An envelope's own cost is some 200 bytes: smaller ones would carry little else.</summary>
    const int EnvelopeBytesMin = 2 << 10;

    const int EnvelopesPerWindow = 4;
    const double BytesAtStart = EnvelopeBytesMin * EnvelopesPerWindow;

    static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    double bytes = BytesAtStart;
    bool isDoubling = true;
    TimeSpan? quickest;
    TimeSpan nextAt;
    TimeSpan halvedAt = TimeSpan.MinValue;

    /// <summary>Bytes of old records that may be in flight.</summary>
    public long Bytes => (long)bytes;

    /// <summary>Bytes of the next envelope with old records; one longer record goes alone.</summary>
    public int EnvelopeBytes => (int)Math.Clamp(bytes / EnvelopesPerWindow, Math.Min(EnvelopeBytesMin, limits.BytesPerEnvelopeMax), limits.BytesPerEnvelopeMax);

    /// <summary>Not before this the next one may go: the configured ceiling, 100 ms of it at once.</summary>
    public TimeSpan NextAt => nextAt - Burst;

    public void Sent(TimeSpan now) =>
        nextAt = (nextAt > now ? nextAt : now) + TimeSpan.FromSeconds(1.0 / limits.BacklogEnvelopesPerSecondMax);

    /// <summary>An envelope of any lane was acked: what the way costs when nothing stands in it.</summary>
    public void Saw(TimeSpan latency) => quickest = quickest < latency ? quickest : latency;

    public void Acked(int envelopeBytes, TimeSpan sentAt, TimeSpan now)
    {
        if (now - sentAt > limits.BacklogLatencyTarget + (quickest ?? TimeSpan.Zero))
        {
            Halve(sentAt, now);
            return;
        }

        bytes = Math.Min((double)limits.InFlightMax * limits.BytesPerEnvelopeMax, bytes + (isDoubling ? envelopeBytes : EnvelopeBytes * envelopeBytes / bytes));
    }

    public void TimedOut(TimeSpan sentAt, TimeSpan now) => Halve(sentAt, now);

    public void Reset() => (bytes, isDoubling, quickest, halvedAt) = (BytesAtStart, true, null, TimeSpan.MinValue);

    // What was sent before the last halving says nothing about the smaller window.
    void Halve(TimeSpan sentAt, TimeSpan now)
    {
        if (sentAt < halvedAt)
            return;
        (bytes, isDoubling, halvedAt) = (Math.Max(EnvelopeBytesMin, bytes / 2), false, now);
    }
}
