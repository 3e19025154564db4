using System.Collections.Concurrent;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>What each box last said of itself, as this bridge heard it; bounded, and empty after a start until the broker gives the retained ones again.</summary>
public sealed class FleetStatus(TimeProvider time)
{
    public const int GatewaysMax = 200_000;

    readonly ConcurrentDictionary<string, (DateTimeOffset At, GatewayStatus Status)> heard = new(StringComparer.Ordinal);

    public void Note(GatewayStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Note(status, time.GetUtcNow());
    }

    /// <summary>From before this start: said when the box's own clock says so.</summary>
    public void NoteRetained(GatewayStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (!heard.ContainsKey(status.Gateway))
            Note(status, DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(status.UnixTimeMs, 0, time.GetUtcNow().ToUnixTimeMilliseconds())));
    }

    public (DateTimeOffset At, GatewayStatus Status)? Of(string gateway) => heard.TryGetValue(gateway, out var known) ? known : null;

    void Note(GatewayStatus status, DateTimeOffset at)
    {
        if (heard.Count < GatewaysMax || heard.ContainsKey(status.Gateway))
            heard[status.Gateway] = (at, status);
    }
}
