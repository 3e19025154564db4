using EdgeHub.Edge.Spool;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Uplink;

/// <summary>All that the Forwarder wants of the spool.</summary>
/// <param name="Read">A run of records from the first number on, cut at the limits of records and bytes; null when the first cannot be read.</param>
/// <param name="Release">Checks the digest over stored and set-aside records and releases them only when it is ours.</param>
/// <param name="Subscribe">Registers for notices; the handler returns at once.</param>
public sealed record SpoolDoor(
    Func<IReadOnlyList<SpoolView>> Views,
    Func<SpoolId, NumberRange, int, int, RecordRun?> Read,
    Func<Ack, ReleaseResult> Release,
    Action<SpoolId, IReadOnlyList<NumberRange>> Unrelease,
    Action<Action<RecordedNotice>> Subscribe)
{
    /// <summary>Registers for changes of what waits that no notice tells: the views are to be asked for anew.</summary>
    public Action<Action> SubscribeChanges { get; init; } = _ => { };
}
