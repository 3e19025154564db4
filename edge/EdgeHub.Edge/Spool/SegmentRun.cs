using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// Where one spool's records lie in one segment: the numbers, and an offset every <see cref="MarkBytes"/>, so that memory
/// does not grow with the backlog. Guarded by the lock of <see cref="Spools"/>.
/// </summary>
sealed class SegmentRun
{
    const int MarkBytes = 16 << 10;

    readonly List<(ulong Number, int Offset)> marks = [];

    public RangeSet Numbers { get; } = new();

    public void Add(ulong number, int offset)
    {
        // A retried commit may stand in one segment twice; its first writing serves.
        if (Numbers.Contains(number))
            return;
        if (marks.Count == 0 || offset - marks[^1].Offset >= MarkBytes || number < Numbers.Last)
            marks.Add((number, offset));
        Numbers.Add(number);
    }

    /// <summary>An offset from which the entry of this number, which is here, is soon found.</summary>
    public int OffsetBefore(ulong number)
    {
        var found = marks[0].Offset;
        foreach (var mark in marks)
            if (mark.Number <= number)
                found = mark.Offset;
            else
                break;
        return found;
    }
}
