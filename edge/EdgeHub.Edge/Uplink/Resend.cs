using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>Records that were sent in vain and go again together at <paramref name="DueAt"/>.</summary>
/// <param name="Attempt">How often they were sent.</param>
/// <param name="IsSuspect">It was alone on the way when the connection broke, more than once: it waits its time also across a reconnect.</param>
/// <param name="InSilence">They failed while no ack came at all, so the next ack makes them due.</param>
sealed record Resend(SpoolId Spool, NumberRange Numbers, Lane Lane, int Attempt, TimeSpan DueAt, bool InSilence, bool IsSuspect = false);
