namespace EdgeHub.Edge.Sensors;

/// <summary>Counts the values that were due while nothing came, without losing the parts of an interval between two looks.</summary>
sealed class DueCount(TimeSpan interval, TimeSpan now)
{
    TimeSpan since = now;

    /// <summary>Something came: counting starts over.</summary>
    public void Restart(TimeSpan now) => since = now;

    /// <summary>Values due since the last call or restart.</summary>
    public long Take(TimeSpan now)
    {
        var due = now > since ? (long)((now - since) / interval) : 0;
        since += interval * due;
        return due;
    }
}
