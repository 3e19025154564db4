namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// Who is asked next on one line. Each slave has a grid of due times; the one longest due goes first, so none starves. A slave
/// that failed twice running is left alone for a while that doubles up to <see cref="BackoffCap"/>: it costs its neighbours one
/// reply timeout now and then and no more. Pure: time comes in as the span since any fixed origin.
/// </summary>
public sealed class ModbusBus
{
    /// <summary>The first failure may be noise: it costs nothing. The second one costs this much rest.</summary>
    public static readonly TimeSpan BackoffFirst = TimeSpan.FromSeconds(2);

    /// <summary>The longest rest, and so the longest time until a slave that came back is found.</summary>
    public static readonly TimeSpan BackoffCap = TimeSpan.FromSeconds(60);

    readonly Slot[] slots;

    public ModbusBus(IReadOnlyList<TimeSpan> intervals, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        slots = [.. intervals.Select(interval => new Slot(interval, now))];
    }

    /// <summary>The slave to ask next, and when.</summary>
    public (int Slave, TimeSpan At) Next()
    {
        var best = 0;
        for (var i = 1; i < slots.Length; i++)
            if (slots[i].At < slots[best].At)
                best = i;
        return (best, slots[best].At);
    }

    /// <summary>Takes the slave's due time and moves it on. Returns how many due times had passed unasked before it.</summary>
    public long Begin(int slave, TimeSpan now)
    {
        ref var slot = ref slots[slave];
        var passed = now > slot.Due ? (long)((now - slot.Due) / slot.Interval) : 0;
        slot.Due += slot.Interval * (passed + 1);
        return passed;
    }

    public void Succeeded(int slave)
    {
        slots[slave].Failures = 0;
        slots[slave].NotBefore = TimeSpan.Zero;
    }

    public void Failed(int slave, TimeSpan now)
    {
        ref var slot = ref slots[slave];
        slot.Failures++;
        if (slot.Failures < 2)
            return;
        var doublings = Math.Min(slot.Failures - 2, 30);
        var rest = BackoffFirst * Math.Pow(2, doublings);
        slot.NotBefore = now + (rest < BackoffCap ? rest : BackoffCap);
    }

    /// <summary>Whether the slave is being left alone.</summary>
    public bool IsResting(int slave) => slots[slave].Failures > 1;

    /// <summary>The line was away: due times up to now are gone. Returns how many, by slave, and lets each be asked at once.</summary>
    public IReadOnlyList<long> SkipTo(TimeSpan now)
    {
        var skipped = new long[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[i];
            skipped[i] = now > slot.Due ? (long)((now - slot.Due) / slot.Interval) : 0;
            slot.Due += slot.Interval * skipped[i];
            slot.Failures = 0;
            slot.NotBefore = TimeSpan.Zero;
        }

        return skipped;
    }

    struct Slot(TimeSpan interval, TimeSpan due)
    {
        public readonly TimeSpan Interval = interval;
        public TimeSpan Due = due;
        public TimeSpan NotBefore = TimeSpan.Zero;
        public int Failures;

        public readonly TimeSpan At => Due > NotBefore ? Due : NotBefore;
    }
}
