namespace EdgeHub.DeviceSims.Demo;

/// <summary>What goes wrong during a run and when, as fractions of its length.</summary>
sealed class ChaosPlan
{
    readonly List<(double At, Strike Strike)> events = [];

    /// <param name="chaos">One of each, with time in between for both ends to come back.</param>
    /// <param name="kills">So many kills of the edge, evenly spread, whatever else happens.</param>
    public ChaosPlan(bool chaos, int kills)
    {
        if (chaos)
            events.AddRange([(0.15, Strike.Replug), (0.30, Strike.CutBroker), (0.50, Strike.KillEdge), (0.70, Strike.KillBridge)]);
        for (var i = 1; i <= kills; i++)
            events.Add((i / (kills + 1.0), Strike.KillEdge));
        events.Sort((left, right) => left.At.CompareTo(right.At));
    }

    public bool IsEmpty => events.Count == 0;

    /// <summary>The next strike after <paramref name="done"/> others, when it is due.</summary>
    public Strike? Due(int done, TimeSpan elapsed, TimeSpan length) =>
        done < events.Count && elapsed >= length * events[done].At ? events[done].Strike : null;
}
