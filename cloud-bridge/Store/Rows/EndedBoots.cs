using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>
/// A boot that ended without ever learning the time: its parked blocks would wait for ever. Once the box runs a later boot whose clock is
/// known, and owes nothing of its older spools (a clock may still be on its way there), the ended boot lies between its neighbours: after
/// the newest reading before it, before the start of the present boot. It gets the middle, the half width as its error, and its readings
/// a quality that says so.
/// </summary>
static class EndedBoots
{
    /// <summary>Bounds what can be bounded; empty when nothing of this gateway waits for a clock, which is nearly always.</summary>
    public static async Task<IReadOnlyList<StoreEvent>> BoundAsync(StoreTransaction transaction, GatewayStatus status, long nowMs, CancellationToken cancellationToken)
    {
        if (!status.Online || !SpoolId.TryParse(status.Boot, out var present) || status.Spools.Count >= WireLimits.RangesPerMessageMax)
            return [];
        if (await transaction.NumberAsync("SELECT key FROM gateway WHERE id = $1", cancellationToken, status.Gateway) is not { } gateway)
            return [];
        var boots = await transaction.QueryAsync("SELECT DISTINCT boot FROM parked WHERE gateway = $1 AND boot IS NOT NULL AND boot <> $2", reader => (byte[])reader[0], cancellationToken, gateway, present.ToByteArray());
        if (boots.Count == 0 || await BootTable.FindAsync(transaction, gateway, present.ToByteArray(), cancellationToken) is not { IsBounded: false } clock)
            return [];
        foreach (var spool in status.Spools)
            if (spool.Waiting.Count > 0 && !await IsOfPresentBootAsync(transaction, gateway, spool.Spool, clock.UnixOffsetMs, cancellationToken))
                return [];
        var events = new List<StoreEvent>();
        foreach (var boot in boots)
            if (await BoundAsync(transaction, status.Gateway, gateway, boot, clock.UnixOffsetMs, cancellationToken) is { } told)
                events.Add(told);
        foreach (var told in events)
            await KeptTable.AddEventAsync(transaction, told, nowMs, cancellationToken);
        return events;
    }

    static async Task<StoreEvent?> BoundAsync(StoreTransaction transaction, string name, long gateway, byte[] boot, long beforeMs, CancellationToken cancellationToken)
    {
        if (await BootTable.FindAsync(transaction, gateway, boot, cancellationToken) is not null)
            return null;
        var (firstMs, lastMs) = await SpanAsync(transaction, gateway, boot, cancellationToken);
        var highest = beforeMs - lastMs;
        // Nothing older than the boot is known: it began at most at the calendar's start, and then the upper bound is all there is.
        var lowest = await transaction.NumberAsync("SELECT max(h.last_time) FROM record_hash h JOIN spool p ON p.key = h.spool WHERE p.gateway = $1 AND h.last_time < $2", cancellationToken, gateway, beforeMs) is { } after
            ? Math.Min(after - firstMs, highest)
            : highest;
        var offset = lowest + ((highest - lowest) / 2);
        await BootTable.AddAsync(transaction, gateway, new BootClock(boot, offset, (highest - lowest) / 2, ClockQuality.None), cancellationToken);
        var from = DateTimeOffset.FromUnixTimeMilliseconds(offset + firstMs);
        return new StoreEvent(StoreEvent.TimeBounded, name, $"Boot {Convert.ToHexStringLower(boot)} of {name} ended without a clock. Its readings stand from {from:O} on, right to within {TimeSpan.FromMilliseconds((highest - lowest) / 2)}, with quality {(int)Quality.UncertainTime}. See why the box had no time (NTP, RTC).", default);
    }

    static async Task<(long FirstMs, long LastMs)> SpanAsync(StoreTransaction transaction, long gateway, byte[] boot, CancellationToken cancellationToken)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var (firstMs, lastMs) in await transaction.QueryAsync("SELECT bytes FROM parked WHERE gateway = $1 AND boot = $2", reader => TimesOf((byte[])reader[0]), cancellationToken, gateway, boot))
            (first, last) = (Math.Min(first, firstMs), Math.Max(last, lastMs));
        return (first, last);
    }

    static (long FirstMs, long LastMs) TimesOf(byte[] bytes)
    {
        var readings = new List<Reading>();
        return RecordCodec.TryDecode(bytes, out _)?.Block is { } block && BlockDecoder.TryDecode(block, readings, out _)
            ? (readings.Min(reading => reading.BootTimeMs), readings.Max(reading => reading.BootTimeMs))
            : (0, 0);
    }

    // A spool belongs to one start of the program, and so to one boot.
    static async Task<bool> IsOfPresentBootAsync(StoreTransaction transaction, long gateway, SpoolId spool, long sinceMs, CancellationToken cancellationToken) =>
        await transaction.NumberAsync("SELECT max(h.first_time) FROM record_hash h JOIN spool p ON p.key = h.spool WHERE p.gateway = $1 AND p.id = $2", cancellationToken, gateway, spool.ToByteArray()) >= sinceMs;
}
