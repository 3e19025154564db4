using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>
/// Records as fast as the disk lets it and says after each commit what is safe now: <c>R spool number hash</c>. Before it acks
/// what is old, as the city would, it says so: <c>A spool first last</c>; from then on those may go.
/// </summary>
sealed class Writer(string directory, string? mirror, ulong seed, bool withoutFsync)
{
    public const string Gateway = "bench";

    const int ReadingsPerBlock = 20;
    const ulong AckEvery = 16;

    static readonly TimeSpan KeepInterval = TimeSpan.FromMilliseconds(50);

    public static readonly Catalog Catalog = new()
    {
        Site = "bench",
        Streams =
        {
            new EdgeHub.Wire.Proto.Stream { Sensor = "air-1", Quantity = "pm2_5", Unit = "ug/m3", SpoolClass = SpoolClass.Normal },
            new EdgeHub.Wire.Proto.Stream { Sensor = "smoke-1", Quantity = "alarm", Unit = "1", SpoolClass = SpoolClass.Urgent },
        },
    };

    // Small files, so that segments roll, packs seal and both are recycled within a second.
    public static readonly SpoolOptions Options = new() { SegmentBytes = 1 << 20, PackFileBytes = 1 << 20, PackFileAge = TimeSpan.FromSeconds(1), TailBytes = 64 << 10, HistoryBytes = 4 << 20, QuotaBytes = 48 << 20 };

    /// <summary>One medium that is open, or two of which the second is opened by its path.</summary>
    public static MediaSetup Setup(IDisk first, string? mirror) => mirror is null
        ? MediaSetup.Of(first)
        : new MediaSetup(Gateway, () => first, new MirrorOptions { Directory = mirror }, () => PosixDisk.OpenExisting(mirror));

    public int Run(TextWriter output)
    {
        var random = new Chance(seed);
        using var real = new PosixDisk(directory);
        IDisk disk = withoutFsync ? new UnsyncedDisk(real) : real;
        // A refusal is told as it happens: the keeper's thread may have brought the medium round before it could be asked about.
        using var logs = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Error).AddSystemdConsole().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using var spools = Spools.Open(Options, Setup(disk, mirror), Catalog, "writer", TimeProvider.System, random.Next128, logs.CreateLogger<Spools>());
        Start("keeper", spools.Keep);
        if (mirror is not null)
            Start("mirror", spools.Mirror);
        var safe = new List<RecordedNotice>();
        spools.Recorded += safe.Add;
        var last = new Dictionary<SpoolId, ulong>();
        for (long time = 1; ; time++)
        {
            var drafts = new List<Draft> { Block(0, SpoolClass.Normal, time, random) };
            if (random.Next(8) == 0)
                drafts.Add(Block(1, SpoolClass.Urgent, time, random));
            if (!spools.Append(drafts) && !spools.Retry())
                return 3;

            foreach (var notice in safe)
                for (var number = notice.Numbers.First; number <= notice.Numbers.Last; number++)
                    output.WriteLine($"R {notice.Spool} {number} {RecordHash.Of(spools.Read(notice.Spool, number, number, 1, 1)!.Records[0].Span)}");
            output.Flush();
            foreach (var notice in safe)
                Ack(spools, notice, last, output);
            safe.Clear();
        }
    }

    // A thread, as the daemon has; the cut ends it.
    static void Start(string name, Action turn) =>
        new Thread(() =>
        {
            using var pause = new ManualResetEventSlim();
            while (!pause.Wait(KeepInterval))
                turn();
        })
        { IsBackground = true, Name = name }.Start();

    static void Ack(Spools spools, RecordedNotice notice, Dictionary<SpoolId, ulong> last, TextWriter output)
    {
        var from = last.GetValueOrDefault(notice.Spool) + 1;
        // Leaves the newest few waiting, and every fourth hole for the next start.
        if (notice.Numbers.Last < from + (2 * AckEvery))
            return;
        var range = new NumberRange(from, from + AckEvery - 1);
        last[notice.Spool] = range.Last;
        if (range.First / AckEvery % 4 == 3)
            return;
        output.WriteLine($"A {notice.Spool} {range.First} {range.Last}");
        output.Flush();
        var hashes = new List<RecordHash>();
        for (var next = range.First; next <= range.Last;)
        {
            var run = spools.Read(notice.Spool, next, range.Last, 100, 1 << 20) ?? throw new InvalidOperationException($"Record {next} cannot be read back.");
            hashes.AddRange(run.Records.Select(record => RecordHash.Of(record.Span)));
            next = run.Last + 1;
        }

        spools.Release(notice.Spool, [range], [], RecordHash.DigestOf(hashes));
    }

    static Draft Block(int stream, SpoolClass spoolClass, long time, Chance random) => Draft.OfReadings(
        spoolClass,
        Enumerable.Range(0, ReadingsPerBlock).Select(i => new Reading(stream, (time * 100) + i, random.Next(1_000_000) / 100.0, Quality.Good)).ToArray(),
        new BlockClock(7, 1_790_000_000_000, ClockQuality.Ntp));
}
