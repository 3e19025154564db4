using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>What is known of the clock of each boot. The first that is said of a boot stands for good, so that no row's time ever moves.</summary>
static class BootTable
{
    public static Task AddAsync(StoreTransaction transaction, long gateway, BootClock clock, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO clock_fix (gateway, boot, unix_offset_ms, error_ms, source) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            cancellationToken,
            gateway,
            clock.Boot.ToArray(),
            clock.UnixOffsetMs,
            clock.ErrorMs,
            (long)clock.Source);

    public static async Task<BootClock?> FindAsync(StoreTransaction transaction, long gateway, ReadOnlyMemory<byte> boot, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT unix_offset_ms, error_ms, source FROM clock_fix WHERE gateway = $1 AND boot = $2",
            reader => new BootClock(boot, reader.GetInt64(0), reader.GetInt64(1), (ClockQuality)reader.GetInt64(2)),
            cancellationToken,
            gateway,
            boot.ToArray());
        return rows.Count == 0 ? null : rows[0];
    }
}
