namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>One instrument in a <see cref="BusSchedule"/>: a grid of due times, the round that is under way, what went wrong last. Pure.</summary>
sealed class BusSlotState(BusSlot slot, TimeSpan now, TimeSpan restCap)
{
    // How fast the memory of a slow exchange fades.
    const double CostMemory = 0.9;

    // A round that takes longer than its interval gets this much of its own length.
    const double Stretch = 1.25;

    const double Margin = 1.5;

    // What a busy box and an adapter that holds bytes back add, even to the shortest exchange.
    static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(30);

    TimeSpan due = now;
    TimeSpan notBefore = now;
    int left = slot.Questions;
    int asked;
    int perRound = slot.Questions;

    public int Group => slot.Group;

    public TimeSpan Limit => slot.Limit;

    /// <summary>One exchange as it was lately; the slowest weighs longest.</summary>
    public TimeSpan Cost { get; private set; } = slot.Cost;

    public int Failures { get; private set; }

    /// <summary>Whether it ever answered.</summary>
    public bool Heard { get; private set; }

    /// <summary>The least that makes it worth while to ask.</summary>
    public TimeSpan ProbeLimit => Cost + BusSchedule.ProbeMin < Limit ? Cost + BusSchedule.ProbeMin : Limit;

    public bool IsResting => Failures > 1;

    public bool InRound { get; private set; }

    /// <summary>When it may be asked.</summary>
    public TimeSpan At => InRound ? notBefore : notBefore > due ? notBefore : due;

    /// <summary>Until when the round that is under way or next must be over. Fixed when the value falls due, so that waiting counts.</summary>
    public TimeSpan Deadline => InRound ? due - slot.Interval + Interval : due + Interval;

    /// <summary>What an exchange gets at least when the instrument is well: more than it took lately, because it may fall silent just now.</summary>
    public TimeSpan Needed => Cost * Margin > Cost + Jitter ? Cost * Margin : Cost + Jitter;

    /// <summary>What the round that is under way or next still takes.</summary>
    public TimeSpan Work => Needed * (InRound ? left : perRound);

    /// <summary>How often its values are due, or as often as its round can be had.</summary>
    public TimeSpan Interval => slot.Interval > Cost * (Stretch * perRound) ? slot.Interval : Cost * (Stretch * perRound);

    /// <summary>Until when the others must let it be read; one that failed has lost what has passed.</summary>
    public TimeSpan DeadlineAt(TimeSpan now) => now < Deadline || Failures == 0 ? Deadline : Deadline + (Interval * Math.Floor(((now - Deadline) / Interval) + 1));

    /// <summary>When it last had the whole of its limit.</summary>
    public TimeSpan WholeAt { get; private set; } = now;

    public void Given(TimeSpan limit, TimeSpan now)
    {
        if (limit >= Limit)
            WholeAt = now;
    }

    public long Begin(TimeSpan now)
    {
        var passed = Passed(now);
        due += slot.Interval * (passed + 1);
        // It is asked now, or soon when another box was quicker: a time before which the round was not there would be no time at all.
        (InRound, left, asked, notBefore) = (true, perRound, 0, now);
        return passed;
    }

    public void Answered(TimeSpan took, int more)
    {
        Cost = took > Cost ? took : (Cost * CostMemory) + (took * (1 - CostMemory));
        (Failures, left) = (0, more);
        asked++;
        Heard = true;
        if (more > 0)
            return;
        InRound = false;
        perRound = asked;
    }

    public bool Failed(TimeSpan now)
    {
        Failures++;
        if (Failures == 1 && now + BusSchedule.RetryPause < Deadline)
        {
            notBefore = now + BusSchedule.RetryPause;
            return true;
        }

        InRound = false;
        if (IsResting)
        {
            var rest = BusSchedule.RestFirst * Math.Pow(2, Math.Min(Failures - 2, 30));
            notBefore = now + (rest < restCap ? rest : restCap);
        }

        return false;
    }

    public bool Busy(TimeSpan now)
    {
        Failures = 0;
        notBefore = now + BusSchedule.BusyPause;
        InRound = notBefore < Deadline;
        return InRound;
    }

    public long SkipTo(TimeSpan now)
    {
        var skipped = Passed(now);
        due += slot.Interval * skipped;
        (InRound, Failures, notBefore) = (false, 0, now);
        return skipped;
    }

    long Passed(TimeSpan now) => now > due ? (long)((now - due) / slot.Interval) : 0;
}
