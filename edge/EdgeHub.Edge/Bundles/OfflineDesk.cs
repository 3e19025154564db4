using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Spool;
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

    OfflineDesk(SpoolLock held, PosixDisk disk, Spools spools, SpoolDesk desk) => (this.held, this.disk, this.spools, this.desk) = (held, disk, spools, desk);

    /// <exception cref="IOException">Another process holds the spool, or the medium refuses.</exception>
    public static OfflineDesk Open(EdgeOptions options, TimeProvider time, ILoggerFactory logs)
    {
        var held = SpoolLock.Take(options.Spool.Directory, $"edgehub beside the stopped daemon, process {Environment.ProcessId}");
        PosixDisk? disk = null;
        try
        {
            disk = new PosixDisk(options.Spool.Directory);
            var spools = Spools.Open(options.Spool, disk, new Catalog(), $"edgehub {Daemon.Version}", time, EdgeRooms.NewId, logs.CreateLogger<Spools>());
            var pin = new StorePin(Path.Combine(options.DataDirectory, "store-id"));
            string? BoundTo() => options.Forwarder.StoreId ?? pin.Read();
            Task<ReleaseResult?> SettleAsync(Ack ack)
            {
                if (BoundTo() is { } bound && bound != ack.Store)
                    return Task.FromResult<ReleaseResult?>(null);
                var result = spools.Release(ack.Spool, ack.Stored, ack.SetAside, ack.Digest);
                if (result.IsReleased && BoundTo() is null)
                    pin.Write(ack.Store);
                return Task.FromResult<ReleaseResult?>(result);
            }

            return new OfflineDesk(held, disk, spools, new SpoolDesk(options.Gateway.Id, spools, EdgeRooms.Door(spools), SettleAsync, BoundTo, logs.CreateLogger<SpoolDesk>()));
        }
        catch
        {
            disk?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public Task<IReadOnlyList<DeskSpool>> SpoolsAsync(CancellationToken stop) => desk.SpoolsAsync(stop);

    public Task<byte[]?> PackAsync(SpoolId spool, NumberRange numbers, CancellationToken stop) => desk.PackAsync(spool, numbers, stop);

    public Task<DeskAnswer> SettleAsync(Ack ack, CancellationToken stop) => desk.SettleAsync(ack, stop);

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        // Closing writes what was released.
        spools.Dispose();
        disk.Dispose();
        held.Dispose();
    }
}
