namespace EdgeHub.Edge.Sensors;

/// <summary>The due times of one sensor that is asked: every interval from the origin on, whatever an answer takes.</summary>
sealed class DueGrid(TimeSpan interval)
{
    /// <summary>The next due time.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>The due time is taken now. Returns how many more had passed with it.</summary>
    public long Take(TimeSpan now)
    {
        var passed = Skip(now);
        Due += interval;
        return passed;
    }

    /// <summary>Lets the due times before the last one up to now go. Returns how many.</summary>
    public long Skip(TimeSpan now)
    {
        var passed = now > Due ? (long)((now - Due) / interval) : 0;
        Due += interval * passed;
        return passed;
    }
}
