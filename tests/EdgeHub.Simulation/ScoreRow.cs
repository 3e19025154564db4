namespace EdgeHub.Simulation;

/// <summary>One row of the scoreboard.</summary>
/// <param name="Result">Name of the result file without its ending, or <see cref="Drill"/> and the name of a drill; empty where nothing of ours measures it.</param>
/// <param name="Arguments">Of <c>EdgeHub.Simulation</c>, or of <c>edgehub-sims</c>.</param>
sealed record ScoreRow(int Number, string Fault, string ToReach, string Result, string Arguments, string NotProven)
{
    /// <summary>Such results stand in the drills' JUnit file.</summary>
    public const string Drill = "drill ";

    const string Model = "in a simulated world", Real = "real processes; one run, of minutes";

    /// <summary>What <c>EdgeHub.Simulation</c> measures itself.</summary>
    public bool IsCampaign => Result.Length > 0 && !Result.StartsWith(Drill, StringComparison.Ordinal);

    public static IReadOnlyList<ScoreRow> All { get; } =
    [
        new(0, "everything below at random", "10,000 worlds", "seeds", "--seeds 8000 --from 100000", Model),
        new(0, "the same, LiteDB files in every world", "", "seeds-litedb", "--litedb --seeds 1000 --from 500000", Model),
        new(1, "box killed at random points", "2,000", "kill", "--seeds 800 --only kill restart", Model + "; the demo kills real processes"),
        new(2, "power cut, file system", "1,000, opens in 2 s", "powercut", "powercut 40", "needs root; ext4 on a loop device"),
        new(2, "the same, two media", "", "powercut-media", "powercut 20 --media 2", "two ext4 on loop devices of one disk"),
        new(3, "power cut, simulated sectors: subset, torn, reordered", "1,000,000 seeds", "power", "--seeds 4000 --only power \"power at an operation\"", "4,000 of the million"),
        new(4, "power cut at a checkpoint, a segment's end, a delete", "200 each", "power-litedb", "--litedb --seeds 800 --only \"power at an operation\" \"history ages\" restart", "points are drawn, not named"),
        new(5, "no space at the Nth write", "600", "full", "--seeds 800 --only \"disk full\"", Model + "; one test fills a real disk"),
        OnRealProcesses(5, "no room while the line is cut: thinned, told, and the books balance", "", "thinning", "one run, a memory disk"),
        new(6, "error at the Nth write or sync", "600", "errors", "--seeds 800 --only \"write error\" \"sync error\" power", Model),
        OnRealProcesses(1, "the same on real processes", "2,000", "kill", "five kills a run; the demo does fifty"),
        OnRealProcesses(7, "file system shut down in flight, the medium refuses", "100", "read-only"),
        OnRealProcesses(7, "both media pulled", "", "media-gone"),
        new(8, "bit flip, truncation, zeroed page in the buffer", "10,000", "rot", "--litedb --seeds 800 --only \"cuts take LiteDB's files\" power restart", "LiteDB's files alone; the journal's rot is `Spool/ModelTests`"),
        new(9, "broker killed, its data wiped", "200", "broker", "--seeds 800 --only \"broker restarts empty\"", Model),
        new(10, "half-open link", "100", "halfopen", "--seeds 800 --only \"box half open\"", Model),
        new(11, "broker failover A, B, A", "200", "failover", "--seeds 800 --only \"broker restarts\" \"box cut off\"", "one world in four has two brokers; " + Model),
        new(12, "partition, all parts stopping and starting one by one", "live lag under 5 s", "outage", "outage --days 7", Model + "; 64 kbit/s"),
        new(12, "the same, swizzled", "all drained", "swizzle", "--seeds 800 --only swizzle \"bridge cut off\"", Model),
        OnRealProcesses(10, "the same on real processes", "100", "half-open"),
        OnRealProcesses(11, "the same on real processes", "200", "failover"),
        OnRealProcesses(13, "loss and narrow line", "30 min each", "network", "a fifth of the packets at 64 kbit/s for seconds, not half an hour"),
        new(14, "slow broker, Receive Maximum 1", "memory flat", "receivemax", "--seeds 800 --only \"Receive Maximum\"", "memory is not measured"),
        new(15, "bridge killed between commit and ack", "1,000", "bridge", "--seeds 800 --only \"bridge killed between commit and ack\" \"bridge killed between arrival and commit\"", "SQLite; " + Model),
        new(16, "database restored from an old backup", "5", "restore", "--seeds 800 --only \"backup taken\" \"backup restored\"", "SQLite, not PostgreSQL"),
        OnRealProcesses(16, "the same with PostgreSQL", "5", "postgres-restored"),
        OnRealProcesses(16, "PostgreSQL killed", "50", "postgres-killed"),
        OnRealProcesses(16, "the database thrown away", "", "database-lost"),
        OnRealProcesses(16, "a row deleted by hand: found and brought back", "", "row-deleted"),
        OnRealProcesses(16, "a range taken out that the box has in part thrown away, MQTT 3.1.1", "", "refill"),
        new(17, "messages lost after PUBACK, doubled, out of order", "all refilled", "lost", "--seeds 800 --only \"messages lost\" \"messages doubled\" \"messages out of order\" \"acks lost\" \"acks doubled\" \"acks late\"", Model),
        new(18, "clock at 1970, a year off, jumps", "1,000 jumps", "clock", "--seeds 800 --only \"boot in 1970\" \"clock a year off\" \"clock jumps\"", "times are checked where no clock jumped"),
        new(19, "garbage on serial lines", "10^9 executions", "", "", ""),
        new(20, "sensor unplugged and plugged", "500", "", "", ""),
        new(21, "typing errors in the configuration", "2,000", "", "", ""),
        OnRealProcesses(22, "certificates expired, future, revoked, rogue", "7 × 20", "certificate", "expired only"),
        new(23, "forged and foreign acks", "", "forged", "--seeds 800 --only \"acks forged\" \"foreign bridge\" \"messages lost\"", "hostile MQTT packets are not tried"),
        OnRealProcesses(23, "acks forged, late and said twice", "", "forged-acks", "hostile MQTT packets are not tried"),
        OnRealProcesses(23, "a foreign bridge on the broker", "", "foreign-bridge"),
        OnRealProcesses(23, "an older image of the medium put back", "", "restored-image"),
        OnRealProcesses(23, "the card copied, two boxes with one id", "", "cloned-card", "both on one kernel"),
        new(24, "edited, dropped, reordered, replayed blocks", "10,000", "", "", ""),
        new(25, "soak with all faults", "72 h", "", "", ""),
    ];

    static ScoreRow OnRealProcesses(int number, string fault, string toReach, string drill, string notProven = Real) => new(number, fault, toReach, Drill + drill, Drill + drill, notProven);
}
