using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Where one spool's records lie in one segment: the numbers, and an offset every <see cref="MarkBytes"/>, so that memory
/// does not grow with the backlog. Guarded by the lock of <see cref="Spools"/>.
/// </summary>
sealed class SegmentRun
{
    const int MarkBytes = 16 << 10;

    readonly List<(ulong Number, int Offset, int At)> marks = [];

    ulong previous;

    public RangeSet Numbers { get; } = new();

    /// <param name="at">By the <see cref="RecordClock"/>.</param>
    public void Add(ulong number, int offset, int at)
    {
        // A retried commit may stand in one segment twice; its first writing serves.
        if (Numbers.Contains(number))
            return;
        if (marks.Count == 0 || offset - marks[^1].Offset >= MarkBytes || number != previous + 1)
            marks.Add((number, offset, at));
        previous = number;
        Numbers.Add(number);
    }

    /// <summary>An offset from which the entry of this number, which is here, is soon found.</summary>
    public int OffsetBefore(ulong number) => MarkBefore(number).Offset;

    /// <summary>When it was committed by the <see cref="RecordClock"/>, or at most <see cref="MarkBytes"/> of entries earlier.</summary>
    public int TimeBefore(ulong number) => MarkBefore(number).At;

    (ulong Number, int Offset, int At) MarkBefore(ulong number)
    {
        // Not in order of number: what was copied here from an older segment stands between what was recorded here. But each run of
        // consecutive numbers begins with a mark, so the greatest that is not beyond is in the number's own run.
        var found = marks[0];
        foreach (var mark in marks)
            if (mark.Number <= number && (mark.Number > found.Number || found.Number > number))
                found = mark;
        return found;
    }
}
