using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>What of one spool still has to go: each number from 1 to the head is acked, live, in the backlog, or under way.</summary>
sealed class WaitingSpool(SpoolId id, SpoolClass spoolClass)
{
    public SpoolId Id => id;

    public SpoolClass Class => spoolClass;

    public ulong Head { get; private set; }

    public RangeSet Acked { get; } = [];

    /// <summary>Recorded while connected and not sent yet.</summary>
    public RangeSet Live { get; } = [];

    /// <summary>Everything else that is not sent.</summary>
    public RangeSet Backlog { get; } = [];

    /// <summary>Records that are not acked, wherever they stand.</summary>
    public ulong Waiting => Head == 0 ? 0 : Acked.Within(new NumberRange(1, Head)).Aggregate(Head, (left, range) => left - range.Count);

    /// <summary>When the oldest of <see cref="Live"/> was recorded.</summary>
    public TimeSpan LiveSince { get; private set; }

    public int LiveBytes { get; private set; }

    /// <summary>New numbers, which continue the head; false when some between were missed.</summary>
    public bool Add(NumberRange numbers, int bytes, bool live, TimeSpan now)
    {
        if (numbers.Last <= Head)
            return true;
        var complete = numbers.First <= Head + 1;
        var added = new NumberRange(Head + 1, numbers.Last);
        Head = numbers.Last;
        foreach (var range in Acked.GapsIn(added).ToArray())
        {
            if (!live)
            {
                Backlog.Add(range);
                continue;
            }

            if (Live.IsEmpty)
                (LiveSince, LiveBytes) = (now, 0);
            Live.Add(range);
            LiveBytes += bytes;
        }

        return complete;
    }

    public void MarkAcked(NumberRange range)
    {
        Acked.Add(range);
        Live.Remove(range);
        Backlog.Remove(range);
    }

    /// <summary>Puts un-acked numbers back in line.</summary>
    public void Return(NumberRange range, bool live)
    {
        foreach (var gap in Acked.GapsIn(range).ToArray())
            (live ? Live : Backlog).Add(gap);
    }

    /// <summary>The connection is gone: what was live is backlog.</summary>
    public void Age()
    {
        foreach (var range in Live.ToArray())
        {
            Live.Remove(range);
            Backlog.Add(range);
        }
    }

    /// <summary>The first numbers of a line, at most so many, taken out of it; null when it is empty.</summary>
    public static NumberRange? Take(RangeSet line, int countMax)
    {
        foreach (var first in line)
        {
            var taken = new NumberRange(first.First, Math.Min(first.Last, first.First + (ulong)countMax - 1));
            line.Remove(taken);
            return taken;
        }

        return null;
    }
}
