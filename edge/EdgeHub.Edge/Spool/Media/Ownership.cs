using EdgeHub.Wire;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>
/// Whether a medium is ours. Both media of a box carry the same mark. A blank first medium (a new card) takes over the mark of
/// a mirror of the same gateway; a mirror without a mark is never begun by itself, since an empty mount point looks the same.
/// </summary>
sealed class Ownership(string gateway, Func<UInt128> newId)
{
    /// <summary>Known once one medium was opened.</summary>
    public MediumMark? Ours { get; private set; }

    /// <summary>At start: draws the mark when there is none yet.</summary>
    /// <param name="primary">Null when it is not there.</param>
    /// <param name="second">The mark on the mirror, if there is one.</param>
    public void Settle(IDisk? primary, MediumMark? second)
    {
        var first = primary is null ? null : MediumMark.Read(primary);
        Ours = first ?? (primary is not null && primary.List().Any(SegmentPool.IsName) ? null : second?.Gateway == gateway ? second : null);
        if (primary is null || first is not null)
            return;
        Ours ??= new MediumMark(gateway, new SpoolId(newId()));
        Ours.Write(primary);
    }

    /// <summary>Writes the mark of the first medium on a second one that has none: what a technician asks for once a stick.</summary>
    /// <exception cref="MediumException">It is another's already.</exception>
    public MediumMark Adopt(IDisk primary, IDisk mirror)
    {
        Settle(primary, second: null);
        if (MediumMark.Read(mirror) is { } mark)
            CheckMirror(mark);
        Ours!.Write(mirror);
        return Ours;
    }

    /// <summary>Whether the medium may be used, and that it takes writes.</summary>
    /// <exception cref="MediumException">It may not.</exception>
    public void Check(Medium medium, bool isMirror)
    {
        var mark = MediumMark.Read(medium.Disk);
        if (mark is null && !isMirror && medium.Attachments == 0 && Ours is not null)
        {
            // A new card that was not there at the start: as if it had been.
            Ours.Write(medium.Disk);
            return;
        }

        if (mark is null)
            throw new MediumException(MediumCondition.Away, $"The {medium.Name} medium's directory carries no mark: it is not mounted, or new. Mount it; {(isMirror ? "a new one is taken with: edgehub mirror" : "on a new one the daemon begins when it is restarted")}.");
        if (isMirror)
            CheckMirror(mark);
        else if (Ours is not null && mark != Ours)
            throw new MediumException(MediumCondition.Refused, $"The first medium is another one: it holds spool store {mark.Store} of {mark.Gateway}. Restart the daemon to use it.");
        MediumMark.Probe(medium.Disk);
    }

    void CheckMirror(MediumMark mark)
    {
        if (mark.Gateway != gateway)
            throw new MediumException(MediumCondition.Refused, $"The mirror belongs to gateway {mark.Gateway}, this is {gateway}. Nothing on it is touched. Bring it to its box, or empty its directory and run: edgehub mirror.");
        if (Ours is not null && mark.Store != Ours.Store)
            throw new MediumException(MediumCondition.Refused, $"The mirror belongs to another spool store of {gateway} ({mark.Store}, here is {Ours.Store}). Nothing on it is touched. Save it, then empty its directory and run: edgehub mirror.");
        Ours ??= mark;
    }
}
