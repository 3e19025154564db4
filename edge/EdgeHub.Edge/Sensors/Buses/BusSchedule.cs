namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>
/// Who is asked next on one line, and how long to wait for the answer. What always holds here:
/// <list type="number">
/// <item>A value that is due at t is read before t + interval, as far as the line has the time for all who answer: each waits
/// for one exchange at most, never for a neighbour's whole round, and the earliest deadline goes first.</item>
/// <item>Nobody waits for another's silence longer than that allows. Before an instrument is asked that may not answer, the time
/// that all others still need before their own deadlines is taken off; what is left is all that the silent one gets. If that is
/// too little to answer in, it is asked later.</item>
/// <item>The first failure may be noise: the question goes once more within the same round. After the second one the instrument is
/// left alone for a while that doubles up to <see cref="RestCap"/>, and then it is asked again, for ever.</item>
/// <item>None starves: a deadline is fixed when the value falls due, so every one becomes the earliest some time; and one that
/// was put off for <see cref="RestCap"/>, or for <see cref="RestFirst"/> where it does not rest, is asked whatever the others need,
/// because then the line has no time for all anyway.
/// One that was never heard may be slow rather than dead: each <see cref="Patience"/> it gets its whole limit, though no more than
/// the shortest interval of those that answer.</item>
/// </list>
/// Pure: time comes in as the span since any fixed origin.
/// </summary>
public sealed class BusSchedule
{
    /// <summary>Rest after the second failure in a row.</summary>
    public static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(2);

    /// <summary>The longest rest, and so the longest time until an instrument that came back is found.</summary>
    public static readonly TimeSpan RestCap = TimeSpan.FromSeconds(60);

    /// <summary>Before the question goes once more.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Before one that is busy is asked again.</summary>
    public static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    /// <summary>With less than this left for an answer it is no use to ask one that may be silent.</summary>
    public static readonly TimeSpan ProbeMin = TimeSpan.FromMilliseconds(80);

    /// <summary>How often one that was never heard gets its whole limit although the others leave it less: it may be slow and not dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly BusSlotState[] slots;
    readonly int[] order;
    readonly TimeSpan restCap;
    int lastGroup = -1;

    /// <param name="restCap">In place of <see cref="RestCap"/>, where nobody may rest so long.</param>
    public BusSchedule(IReadOnlyList<BusSlot> slots, TimeSpan now, TimeSpan? restCap = null)
    {
        ArgumentNullException.ThrowIfNull(slots);
        this.restCap = restCap is { } shorter && shorter < RestCap ? shorter : RestCap;
        this.slots = [.. slots.Select(slot => new BusSlotState(slot, now, this.restCap))];
        order = [.. Enumerable.Range(0, slots.Count)];
    }

    /// <summary>Whom to ask now, or until when nobody is due.</summary>
    public BusTurn Next(TimeSpan now)
    {
        Array.Sort(order, Compare);
        var wake = TimeSpan.MaxValue;
        int? forced = null;
        foreach (var i in order)
        {
            var slot = slots[i];
            if (slot.At > now)
            {
                wake = Least(wake, slot.At);
                continue;
            }

            if (Limit(i, now) is { } limit)
                return Turn(i, now, limit);
            if (slot.Failures == 0)
                forced ??= i;
            wake = Least(wake, slot.At + restCap);
        }

        // No time is left over, and one that may well answer is due: it gets what it needs.
        return forced is { } due ? Turn(due, now, slots[due].ProbeLimit) : new BusTurn(-1, wake, TimeSpan.Zero, BeginsRound: false);
    }

    /// <summary>A round begins. Returns how many due times had passed unasked before it.</summary>
    public long Begin(int device, TimeSpan now) => slots[device].Begin(now);

    /// <summary>An answer came.</summary>
    /// <param name="took">The whole exchange, silence before it included.</param>
    /// <param name="left">Questions that the round still has.</param>
    public void Answered(int device, TimeSpan took, int left) => slots[device].Answered(took, left);

    /// <summary>No answer came. True: the question goes once more in this round; false: the round is over.</summary>
    public bool Failed(int device, TimeSpan now) => slots[device].Failed(now);

    /// <summary>The answer was "not now". True: it is asked again in this round; false: there is no time left in it.</summary>
    public bool Busy(int device, TimeSpan now) => slots[device].Busy(now);

    /// <summary>Whether the instrument is being left alone.</summary>
    public bool IsResting(int device) => slots[device].IsResting;

    /// <summary>Whether a round of it is under way.</summary>
    public bool IsInRound(int device) => slots[device].InRound;

    /// <summary>The line was away: due times up to now are gone. Returns how many, by instrument, and lets each be asked at once.</summary>
    public IReadOnlyList<long> SkipTo(TimeSpan now) => [.. slots.Select(slot => slot.SkipTo(now))];

    BusTurn Turn(int i, TimeSpan now, TimeSpan limit)
    {
        lastGroup = slots[i].Group;
        slots[i].Given(limit, now);
        return new BusTurn(i, now, limit, !slots[i].InRound);
    }

    // How long instrument i may take now; null: not now.
    TimeSpan? Limit(int i, TimeSpan now)
    {
        var slot = slots[i];
        var slack = Slack(i, now);
        if (slot is { Heard: true, Failures: 0 })
            return Least(slot.Limit, slack > slot.Needed ? slack : slot.Needed);
        if (now - slot.At >= (slot.IsResting ? restCap : RestFirst))
            return slot.ProbeLimit;
        if (!slot.Heard && now - slot.WholeAt >= Patience)
            return Least(slot.Limit, slots.Where((other, j) => j != i && other is { Heard: true, IsResting: false }).Select(other => other.Interval).DefaultIfEmpty(slot.Limit).Min());

        // Whoever else was never heard may be silent too: what is left over is shared with them.
        var unknown = slots.Where((other, j) => j != i && other is { Heard: false, Failures: 0 }).Count();
        var share = slack / (1 + unknown);
        if (slot.Failures > 0 ? share < slot.ProbeLimit : slack < slot.ProbeLimit)
            return null;
        return Least(slot.Limit, share > slot.ProbeLimit ? share : slot.ProbeLimit);
    }

    // The time that nobody but i needs: for each other that answers, what lies before its deadline less the work of all whose deadline is no later.
    TimeSpan Slack(int i, TimeSpan now)
    {
        var slack = TimeSpan.MaxValue;
        var work = TimeSpan.Zero;
        foreach (var (deadline, cost) in slots.Where((slot, other) => other != i && !slot.IsResting).Select(slot => (Deadline: slot.DeadlineAt(now), slot.Work)).OrderBy(need => need.Deadline))
        {
            work += cost;
            slack = Least(slack, deadline - now - work);
        }

        return slack;
    }

    // The earliest deadline first; among equals one for which the line is already set.
    int Compare(int a, int b)
    {
        var earlier = slots[a].Deadline.CompareTo(slots[b].Deadline);
        if (earlier != 0)
            return earlier;
        var set = (slots[b].Group == lastGroup).CompareTo(slots[a].Group == lastGroup);
        return set != 0 ? set : slots[a].Group != slots[b].Group ? slots[a].Group.CompareTo(slots[b].Group) : a.CompareTo(b);
    }

    static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
