namespace EdgeHub.DeviceSims.Drills;

/// <summary>Every drill, in the order of <c>drill all</c>.</summary>
static class DrillCatalog
{
    static readonly string[] Broker = ["mosquitto"], Database = ["postgres"], Both = ["mosquitto", "postgres"];

    public static IReadOnlyList<Drill> All { get; } =
    [
        new("kill", "The box's daemon is killed five times", [], true, BoxDrills.KillAsync),
        new("standby", "Of two boxes on one bus the one that asks is killed, the other stands still, then the wires between them break", [], false, PairDrills.StandbyAsync),
        new("power", "The box loses power, and with it everything that was not flushed", ["root", "mkfs.ext4", "xfs_io"], true, BoxDrills.PowerAsync),
        new("disk-full", "The box's medium fills up while it records", ["root"], false, BoxDrills.DiskFullAsync),
        new("thinning", "The line is cut until the box's medium has no room: it thins what waits; then the line comes back", ["root", "mosquitto"], false, BoxDrills.ThinningAsync),
        new("io-error", "The medium fails a flush, and a write", ["strace"], true, BoxDrills.IoErrorAsync),
        new("read-only", "The medium refuses every access while it records", ["root", "mkfs.ext4", "xfs_io"], false, BoxDrills.RefusingMediumAsync),
        new("mirror-unplugged", "The second medium is pulled and put back; then the first one dies", ["root", "mkfs.ext4", "xfs_io"], true, MediaDrills.UnpluggedAsync),
        new("medium-read-only", "The kernel makes the first of two media read-only", ["root", "mkfs.ext4"], false, MediaDrills.ReadOnlyAsync),
        new("media-gone", "Both media are pulled: readings go through memory; the stick comes back, then the power is cut", ["root", "mkfs.ext4", "xfs_io"], false, MediaDrills.GoneAsync),
        new("network", "The line is cut, then loses a fifth of all packets at 64 kbit/s", ["root", "mosquitto", "postgres", "ip", "nft", "tc"], true, LineDrills.NetworkAsync),
        new("half-open", "The broker stands still and its connections stay open", Broker, true, LineDrills.HalfOpenAsync),
        new("broker-wiped", "The broker is killed and everything it kept is deleted", Broker, true, LineDrills.BrokerWipedAsync),
        new("failover", "The first broker dies, the second takes over, the first comes back", Both, true, LineDrills.FailoverAsync),
        new("certificate", "The broker's certificate expires", Broker, true, LineDrills.CertificateAsync),
        new("bridge-killed", "The bridge is killed between its commit and its ack", ["strace"], true, CityDrills.BridgeKilledAsync),
        new("postgres-killed", "The database server is killed", Database, false, CityDrills.PostgresKilledAsync),
        new("postgres-full", "The database's disk is full", ["root", "postgres"], false, CityDrills.PostgresFullAsync),
        new("postgres-restored", "The database is restored from a backup that is older than what it has acked", Database, true, CityDrills.PostgresRestoredAsync),
        new("row-deleted", "Somebody deletes a row of the city's database by hand", Database, false, CityDrills.RowDeletedAsync),
        new("refill", "A range is taken out of the city's database, and the box has thrown a part of it away; over MQTT 3.1.1", Broker, false, CityDrills.RefillAsync),
        new("restored-image", "An older image of the box's medium is put back", Broker, false, AggressorDrills.RestoredImageAsync),
        new("cloned-card", "The card is copied, and two boxes run with one id and one spool", Broker, false, AggressorDrills.ClonedCardAsync),
        new("foreign-bridge", "A demonstration bridge acks on the city's broker", Broker, false, AggressorDrills.ForeignBridgeAsync),
        new("forged-acks", "Acks are forged, said late and said twice", ["mosquitto", "mosquitto_pub", "mosquitto_sub"], true, AggressorDrills.ForgedAcksAsync),
        new("database-lost", "The bridge's database is thrown away", Broker, false, AggressorDrills.DatabaseLostAsync),
        new("clock", "The box's clock starts in 1970, comes right, and jumps by a year both ways", ["gcc"], false, ClockDrills.ClockAsync),
    ];
}
