namespace EdgeHub.Edge.Uplink;

/// <summary>Growing, capped, jittered waits: between half and all of first × 2^(n-1), never more than the cap.</summary>
#pragma warning disable CA5394 // Jitter needs no secrecy, and a seed makes runs repeatable.
static class Backoff
{
    const int DoublingsMax = 30;

    public static TimeSpan After(int attempts, TimeSpan first, TimeSpan longest, Random chance)
    {
        var full = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, DoublingsMax)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (chance.NextDouble() / 2)));
    }
}
