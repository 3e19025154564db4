using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>When a value of a <see cref="StreamView"/> is recorded.</summary>
/// <param name="Deadband">Null where every value that is due is recorded.</param>
sealed record SamplingView(ulong IntervalMs, bool OnChange, double? Deadband, ulong? HeartbeatMs)
{
    public static SamplingView? Of(Sampling? sampling) => sampling is null
        ? null
        : new SamplingView(sampling.IntervalMs, sampling.OnChange, sampling.HasDeadband ? sampling.Deadband : null, sampling.HasDeadband ? sampling.HeartbeatMs : null);
}
