using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Bundles;

/// <summary>The desk while the daemon is down: the spool is opened under its lock, so that no daemon starts on it meanwhile.</summary>
sealed class OfflineDesk : ISpoolDesk
{
    readonly SpoolLock held;
    readonly PosixDisk disk;
    readonly Spools spools;
    readonly SpoolDesk desk;
    readonly StorePin pin;
    readonly string? configured;

    /// <exception cref="IOException">Another process holds the spool, or the medium refuses.</exception>
    public OfflineDesk(EdgeOptions options, TimeProvider time, ILoggerFactory logs)
    {
        held = SpoolLock.Take(options.Spool.Directory, $"edgehub beside the stopped daemon, process {Environment.ProcessId}");
        try
        {
            disk = new PosixDisk(options.Spool.Directory);
            spools = Spools.Open(options.Spool, disk, new Catalog(), $"edgehub {Daemon.Version}", time, EdgeRooms.NewId, logs.CreateLogger<Spools>());
        }
        catch
        {
            disk?.Dispose();
            held.Dispose();
            throw;
        }

        pin = new StorePin(Path.Combine(options.DataDirectory, "store-id"));
        configured = options.Forwarder.StoreId;
        desk = new SpoolDesk(options.Gateway.Id, spools, EdgeRooms.Door(spools), SettleAsync, BoundTo, logs.CreateLogger<SpoolDesk>(), time);
    }

    public Task<IReadOnlyList<DeskSpool>> SpoolsAsync(CancellationToken stop) => desk.SpoolsAsync(stop);

    public Task<byte[]?> PackAsync(SpoolId spool, NumberRange numbers, CancellationToken stop) => desk.PackAsync(spool, numbers, stop);

    public Task<DeskAnswer> SettleAsync(Ack ack, CancellationToken stop) => desk.SettleAsync(ack, stop);

    public Task<BoxBooks> BooksAsync(CancellationToken stop) => desk.BooksAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        // Closing writes what was released.
        spools.Dispose();
        disk.Dispose();
        held.Dispose();
    }

    string? BoundTo() => configured ?? pin.Read();

    Task<ReleaseResult?> SettleAsync(Ack ack)
    {
        if (BoundTo() is { } bound && bound != ack.Store)
            return Task.FromResult<ReleaseResult?>(null);
        var result = spools.Release(ack.Spool, ack.Stored, ack.SetAside, ack.Digest);
        if (result.IsReleased && BoundTo() is null)
            pin.Write(ack.Store);
        return Task.FromResult<ReleaseResult?>(result);
    }
}
