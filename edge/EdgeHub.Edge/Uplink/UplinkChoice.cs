namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Which of the ordered uplinks carries the records, without a clock, a thread or a socket.
/// <list type="bullet">
/// <item>An uplink fails when it has no connection, or when what was sent over it gets no ack at all, for as long as the patience
/// lasts. Pings and PUBACKs prove nothing.</item>
/// <item>After a failure the next one in order is taken, after the last the first. A round without any ack doubles the patience,
/// so a city that stores nothing is not knocked at ever faster.</item>
/// <item>Only the uplinks up to the active one are connected: what stands in costs nothing until it is needed.</item>
/// <item>Back it goes only over a way that has just acked: a better uplink that was connected for the stable time gets a copy of
/// the next envelope, and its ack is what brings the records back. A copy without ack doubles the time before the next.</item>
/// </list>
/// Moments are counted from any fixed one and never go back.
/// </summary>
public sealed class UplinkChoice(int count, TimeSpan failoverAfter, TimeSpan failbackAfter)
{
    const int DoublingsMax = 4;

    readonly Way[] ways = [.. Enumerable.Range(0, count).Select(_ => new Way())];
    int switchesWithoutAck;
    TimeSpan activeSince;

    /// <summary>Position of the uplink that carries the records.</summary>
    public int Active { get; private set; }

    /// <summary>Why it is this one.</summary>
    public SwitchReason Reason { get; private set; }

    /// <summary>A better uplink that is about to prove itself: a copy of the next envelope goes there too.</summary>
    public int? Trial { get; private set; }

    public void Connected(int uplink, TimeSpan now) => (ways[uplink].UpSince, ways[uplink].AwaitingSince) = (now, null);

    public void Disconnected(int uplink, TimeSpan now)
    {
        var way = ways[uplink];
        if (way.UpSince is not null || way.DownSince > now)
            way.DownSince = now;
        (way.UpSince, way.AwaitingSince) = (null, null);
        if (uplink == Trial)
            Trial = null;
    }

    /// <summary>An envelope goes out there.</summary>
    public void Sent(int uplink, TimeSpan now) => ways[uplink].AwaitingSince ??= now;

    /// <summary>An ack that released something came in there; true when the records change over to it.</summary>
    public bool Acked(int uplink, TimeSpan now)
    {
        ways[uplink].AwaitingSince = null;
        if (uplink == Active)
        {
            switchesWithoutAck = 0;
            if (now - activeSince >= failbackAfter)
                ways[uplink].Refusals = 0;
        }

        if (uplink != Trial)
            return false;
        Take(uplink, SwitchReason.CameBack, now);
        return true;
    }

    /// <summary>What time alone decides; true when another uplink is active now.</summary>
    public bool Judge(TimeSpan now)
    {
        if (Trial is { } trial && ways[trial].AwaitingSince + failoverAfter <= now)
        {
            Trial = null;
            ways[trial].AwaitingSince = null;
            ways[trial].NotBefore = now + Doubled(failbackAfter, ++ways[trial].Refusals);
        }

        var active = ways[Active];
        if (count > 1 && FailsAt(active) <= now)
        {
            var reason = active.UpSince is null ? SwitchReason.NoConnection : SwitchReason.NoAcks;
            // It has to prove itself anew, from now on.
            if (active.UpSince is not null)
                active.UpSince = now;
            active.AwaitingSince = null;
            switchesWithoutAck++;
            Take((Active + 1) % count, reason, now);
            return true;
        }

        for (var better = 0; better < Active && Trial is null; better++)
            if (ReadyAt(ways[better]) <= now)
                Trial = better;
        return false;
    }

    /// <summary>When <see cref="Judge"/> may decide something next, if nothing happens before.</summary>
    public TimeSpan? NextChange(TimeSpan now)
    {
        var moments = new List<TimeSpan?> { count > 1 ? FailsAt(ways[Active]) : null, Trial is { } trial ? ways[trial].AwaitingSince + failoverAfter : null };
        if (Trial is null)
            moments.AddRange(ways.Take(Active).Select(way => ReadyAt(way)));
        return moments.Where(moment => moment > now).Min();
    }

    void Take(int uplink, SwitchReason reason, TimeSpan now)
    {
        (Active, Reason, Trial, activeSince) = (uplink, uplink == 0 && reason != SwitchReason.CameBack ? SwitchReason.NothingElse : reason, null, now);
        (ways[uplink].DownSince, ways[uplink].AwaitingSince) = (now, null);
    }

    TimeSpan? FailsAt(Way way)
    {
        var patience = Doubled(failoverAfter, switchesWithoutAck / count);
        return way.UpSince is null ? way.DownSince + patience : way.AwaitingSince + patience;
    }

    TimeSpan? ReadyAt(Way way) => way.UpSince is { } since ? Later(since + failbackAfter, way.NotBefore) : null;

    static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    static TimeSpan Doubled(TimeSpan time, int times) => time * Math.Pow(2, Math.Min(times, DoublingsMax));

    sealed class Way
    {
        /// <summary>Connected since; null while it is not.</summary>
        public TimeSpan? UpSince { get; set; }

        /// <summary>Without connection since, or since its turn came.</summary>
        public TimeSpan DownSince { get; set; }

        /// <summary>When the first envelope was sent that no ack has followed.</summary>
        public TimeSpan? AwaitingSince { get; set; }

        /// <summary>Trials in a row that got no ack.</summary>
        public int Refusals { get; set; }

        public TimeSpan NotBefore { get; set; }
    }
}
