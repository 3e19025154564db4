using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>When the box records a value.</summary>
/// <param name="IntervalMs">How often one is due. An instrument that streams keeps a pace of its own.</param>
/// <param name="OnChange">Also at once when it changes.</param>
/// <param name="Deadband">One that differs from the last by no more is not recorded until <paramref name="HeartbeatMs"/> have passed; null: each one is.</param>
public sealed record SamplingInfo(long IntervalMs, bool OnChange, double? Deadband, long? HeartbeatMs)
{
    internal static SamplingInfo? Of(Sampling? sampling) => sampling is null
        ? null
        : new SamplingInfo((long)sampling.IntervalMs, sampling.OnChange, sampling.HasDeadband ? sampling.Deadband : null, sampling.HasDeadband ? (long)sampling.HeartbeatMs : null);

    /// <summary>The longest silence of a stream that is well.</summary>
    internal long SilenceMs => Math.Max(IntervalMs, HeartbeatMs ?? 0);
}
