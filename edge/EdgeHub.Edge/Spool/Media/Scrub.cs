using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Reads both copies at a slow pace, compares them entry by entry, and repairs the one from the other. Damage that nobody has
/// read yet is found before the second copy rots as well.
/// </summary>
sealed partial class Scrub(MirrorOptions options, TimeProvider time, ILogger log)
{
    (SegmentHeader Header, int Offset) at;
    long lastTurn = time.GetTimestamp();
    double budget;

    /// <summary>Entries that one copy had lost and that were written there again.</summary>
    public ulong Repaired { get; private set; }

    /// <summary>Entries that stand at one place and differ.</summary>
    public ulong Differing { get; private set; }

    /// <summary>Times that everything was read and compared.</summary>
    public ulong Rounds { get; private set; }

    /// <exception cref="IOException">The follower refuses.</exception>
    public void Turn(Medium lead, Medium follower)
    {
        var now = time.GetTimestamp();
        budget = Math.Min(budget + (time.GetElapsedTime(lastTurn, now).TotalSeconds * options.ScrubBytesPerSecond), 4 * Math.Max(options.ScrubBytesPerSecond, 1));
        lastTurn = now;
        while (budget > 0 && options.ScrubBytesPerSecond > 0 && Next(lead, follower) is var (one, other))
        {
            var end = Math.Min(one.Tail, other.Tail);
            var to = (int)Math.Min(end, at.Offset + (long)Math.Max(budget, SegmentHeader.PageBytes));
            budget -= to - at.Offset;
            at = (one.Header, Compare(one, other, at.Offset, to, end));
        }
    }

    // The pair to go on with: both are closed, so that nobody writes to them.
    (Segment One, Segment Other)? Next(Medium lead, Medium follower)
    {
        var used = lead.Pool.Used();
        foreach (var one in used.SkipLast(1))
            if (one.Header.Ordinal >= at.Header.Ordinal && !one.IsBroken && follower.Pool.Find(one.Header) is { IsBroken: false } other)
            {
                if (one.Header != at.Header)
                    at = (one.Header, SegmentHeader.PageBytes);
                if (at.Offset < Math.Min(one.Tail, other.Tail))
                    return (one, other);
            }

        if (at.Header != default)
            Rounds++;
        at = default;
        return null;
    }

    // Where to go on: behind the last entry that was compared.
    int Compare(Segment one, Segment other, int from, int to, int end)
    {
        var left = Entries(one, from, to, end);
        var right = Entries(other, from, to, end);
        foreach (var (offset, entry) in left)
            if (!right.TryGetValue(offset, out var copy))
                Repair(other, offset, entry);
            else if (!entry.AsSpan().SequenceEqual(copy))
                Differ(one, offset);
        foreach (var (offset, entry) in right)
            if (!left.ContainsKey(offset))
                Repair(one, offset, entry);
        return Math.Max(to, left.Concat(right).Select(pair => pair.Key + pair.Value.Length).DefaultIfEmpty(to).Max());
    }

    static Dictionary<int, byte[]> Entries(Segment segment, int from, int to, int end)
    {
        var found = new Dictionary<int, byte[]>();
        foreach (var (entry, offset) in SegmentScan.Run(segment.File, segment.Header.Salt, from, end))
        {
            if (offset >= to)
                break;
            var bytes = new byte[entry.Size];
            entry.Write(bytes, segment.Header.Salt);
            found.Add(offset, bytes);
        }

        return found;
    }

    void Repair(Segment segment, int offset, byte[] entry)
    {
        segment.File.Write(offset, entry);
        segment.File.Sync();
        Repaired++;
        LogRepaired(segment.File.Name, offset);
    }

    void Differ(Segment segment, int offset)
    {
        Differing++;
        LogDiffers(segment.File.Name, offset);
    }

    [LoggerMessage(247, LogLevel.Warning, "An entry of journal segment {Segment} at {Offset} was damaged on one medium and is repaired from the other.")]
    private partial void LogRepaired(string segment, int offset);

    [LoggerMessage(248, LogLevel.Error, "The two copies of journal segment {Segment} differ at {Offset}, and both are whole: nothing is changed.")]
    private partial void LogDiffers(string segment, int offset);
}
