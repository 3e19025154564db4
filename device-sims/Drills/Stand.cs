using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>
/// The whole product set up for one drill: simulators, the box's daemon, one bridge for each broker, and a database, as processes.
/// A drill says first what is different this time, then starts it, breaks it and mends it. The end is the same for all: the sensors
/// fall silent, the box drains, and the judge compares the public view of the database with what was on the wire.
/// </summary>
sealed class Stand : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    readonly string directory;
    readonly TimeProvider time;
    readonly TextWriter output;
    readonly long begun;
    readonly ProcessNursery nursery = new();
    readonly SimsProcess sims;
    readonly List<DrillStep> steps = [];
    readonly List<DrillCheck> checks = [];
    readonly List<BrokerProcess> brokers = [];
    readonly List<Child> bridges = [];
    readonly List<DrillBox> boxes = [];
    readonly List<IAsyncDisposable> owned = [];
    Judge? judge;

    public Stand(string directory, TextWriter output, TimeProvider time)
    {
        (this.directory, this.output, this.time) = (directory, output, time);
        begun = time.GetTimestamp();
        Directory.CreateDirectory(In("sims"));
        sims = new SimsProcess(nursery, Programs.Sims, In("sims"), 1);
    }

    /// <summary>Boxes on one bus, each at an end of its own; the first alone has the other sensors.</summary>
    public int BoxCount { get; set; } = 1;

    /// <summary>What stands before the command of the box's daemon, such as strace.</summary>
    public IReadOnlyList<string> EdgePrefix { get; set; } = [];

    public Dictionary<string, string> EdgeEnvironment { get; } = [];

    public IReadOnlyList<string> BridgePrefix { get; set; } = [];

    /// <summary>Changes the box's configuration before it is written.</summary>
    public Action<JsonObject> EdgeConfiguration { get; set; } = _ => { };

    /// <summary>mosquittos instead of the bridge's own broker; each gets a bridge.</summary>
    public int BrokerCount { get; set; }

    /// <summary>Where mosquittos listen.</summary>
    public string BrokerAddress { get; set; } = "127.0.0.1";

    /// <summary>Lines of every mosquitto.conf behind the listener.</summary>
    public IReadOnlyList<string> BrokerLines { get; set; } = [];

    /// <summary>PostgreSQL instead of SQLite; null until <see cref="WithDatabaseAsync"/>.</summary>
    public DatabaseProcess? Database { get; private set; }

    /// <summary>Readings in the city that the box does not know of, because an older image of its medium was put back.</summary>
    public long RecordedElsewhere { get; set; }

    /// <summary>The product's own books.</summary>
    public BooksVerbs Books => new(In("edgehub.json"), In("bridge1.json"), time);

    public IReadOnlyList<BrokerProcess> Brokers => brokers;

    public IReadOnlyList<DrillBox> Boxes => boxes;

    public Child Edge => boxes.FirstOrDefault()?.Process ?? throw new InvalidOperationException("The stand is not started.");

    public Child Bridge => bridges[0];

    public IReadOnlyList<DrillStep> Steps => steps;

    public IReadOnlyList<DrillCheck> Checks => checks;

    public string In(params string[] parts) => Path.Combine([directory, .. parts]);

    /// <summary>Leaves something to be cleaned up when the stand goes; last in, first out.</summary>
    public T Own<T>(T thing) where T : IAsyncDisposable
    {
        owned.Add(thing);
        return thing;
    }

    public async Task<DatabaseProcess> WithDatabaseAsync(string? place = null)
    {
        Say("PostgreSQL starts");
        Database = new DatabaseProcess(nursery, place ?? In("postgres"), FreePort());
        await Database.CreateAsync();
        return Database;
    }

    public async Task StartAsync()
    {
        var embedded = FreePort();
        for (var i = 0; i < BrokerCount; i++)
        {
            brokers.Add(new BrokerProcess(nursery, In($"broker{i + 1}"), BrokerAddress, FreePort(), [.. BrokerLines]));
            await brokers[i].StartAsync();
        }

        await sims.StartAsync(time, BoxCount);
        var store = Database is null ? new JsonObject { ["kind"] = "sqlite", ["file"] = In("city.db") } : new JsonObject { ["kind"] = "postgres", ["connection"] = Database.Connection };
        for (var i = 0; i < Math.Max(1, BrokerCount); i++)
        {
            JsonObject broker = BrokerCount == 0
                ? new() { ["kind"] = "embedded", ["listen"] = $"127.0.0.1:{embedded}" }
                : new() { ["kind"] = "external", ["broker"] = $"mqtt://{BrokerAddress}:{brokers[i].Port}", ["reconnectMax"] = "1s" };
            var file = In($"bridge{i + 1}.json");
            DemoFiles.Write(file, new JsonObject { ["dataDirectory"] = In($"bridge{i + 1}"), ["broker"] = broker, ["store"] = store.DeepClone(), ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" } });
            string[] bridge = [.. BridgePrefix, Programs.Bridge, "run", "--config", file];
            bridges.Add(new Child(nursery, $"bridge {i + 1}", Tools.Find(bridge[0]), bridge[1..], In($"bridge{i + 1}.log")));
            await bridges[i].StartAsync();
        }

        for (var i = 1; i <= BoxCount; i++)
            await StartBoxAsync(i, BrokerCount == 0 ? embedded : brokers[0].Port);
        judge = new Judge(new DemoOptions(null, false, 0, 1, null, Database?.Connection, directory), In("city.db"));
        await UntilAsync("the box to store its first readings in the city", StartMax, async () => await StoredAsync() > 0 && await ViewAsync() is { Recorded: > 0 });
        Say($"{Math.Max(1, bridges.Count)} bridge(s), {(Database is null ? "SQLite" : "PostgreSQL")}, {(BrokerCount == 0 ? "the bridge's own broker" : $"{BrokerCount} mosquitto")} and {(BoxCount == 1 ? "the box" : $"{BoxCount} boxes")} run; readings reach the city");
    }

    /// <summary>A command to the simulators.</summary>
    public Task TellSimsAsync(string command) => sims.AskAsync(command, time);

    /// <summary>Writes down what is done, and prints it.</summary>
    public void Say(string text)
    {
        steps.Add(new DrillStep(time.GetElapsedTime(begun), text));
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {steps[^1].At.TotalSeconds,6:0.0} s  {text}"));
    }

    /// <summary>Something that must hold besides the books.</summary>
    public void Check(string what, bool holds)
    {
        checks.Add(new DrillCheck(what, holds));
        Say($"{(holds ? "holds" : "DOES NOT HOLD")}: {what}");
    }

    public Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), time);

    /// <summary>The box's own view; what it calls recorded is remembered as promised.</summary>
    public Task<EdgeView?> ViewAsync() => boxes[0].ViewAsync();

    public async Task<long> StoredAsync()
    {
        try
        {
            return await judge!.CountAsync();
        }
        catch (Exception e) when (e is System.Data.Common.DbException or SocketException or TimeoutException or IOException)
        {
            return 0;
        }
    }

    /// <summary>Readings that boxes only overheard, and the longest time that the default view has nothing of a sensor.</summary>
    /// <summary>So many readings two boxes that both ask may have as their own: an event, and no reading stored twice. 0 where one box asks.</summary>
    public long ReadByBothMax { get; set; }

    public Task<long> MinutesAsync() => judge!.CountMinutesAsync();

    public async Task<(long Overheard, TimeSpan Gap)> PairAsync(string sensor) => (await judge!.CountOverheardAsync(), await judge.LongestGapAsync(sensor));

    /// <summary>How far the newest row is behind this machine's clock.</summary>
    public async Task<TimeSpan> LagAsync() => await judge!.NewestAgeAsync() ?? TimeSpan.MaxValue;

    /// <summary>In the middle of the work: something is recorded that the city has not acked.</summary>
    public async Task<EdgeView> UnackedAsync()
    {
        EdgeView? seen = null;
        await UntilAsync("readings that wait for their ack", StartMax, async () => (seen = await ViewAsync()) is { Waiting: > 0 });
        return seen!;
    }

    public async Task<TimeSpan> UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        var since = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(since) > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for {what}. The box's log ends: {boxes.FirstOrDefault()?.Process.LastLines(3)} The bridge's: {bridges.FirstOrDefault()?.LastLines(3)}");
            await Task.Delay(Glance, time);
        }

        return time.GetElapsedTime(since);
    }

    /// <summary>Another process in this stand's directory; it ends with the stand.</summary>
#pragma warning disable CA2000 // The stand owns it.
    public Child Beside(string name, string program, params string[] arguments) => Own(new Child(nursery, name, program, arguments, In($"{name.Replace(' ', '-')}.log")));
#pragma warning restore CA2000

    /// <summary>No sensor speaks, and everything recorded is delivered.</summary>
    public async Task DrainSensorsAsync()
    {
        await sims.AskAsync("pause", time);
        await DrainAsync(boxes[0]);
    }

    public Task ResumeSensorsAsync() => sims.AskAsync("resume", time);

    /// <summary>Sensors silent, box drained, daemons stopped, books compared.</summary>
    public async Task<Verdict> JudgeAsync()
    {
        Say("the sensors fall silent, the box drains");
        await sims.AskAsync("pause", time);
        var (recorded, waiting, tombstoned) = (RecordedElsewhere, 0L, 0L);
        foreach (var box in boxes)
        {
            var last = await DrainAsync(box);
            Check($"every reading that {(BoxCount == 1 ? "the box" : box.Gateway)} ever called recorded is still in its books ({box.Promised})", last.Recorded + RecordedElsewhere >= box.Promised);
            (recorded, waiting, tombstoned) = (recorded + last.Recorded, waiting + last.Waiting, tombstoned + last.Tombstoned);
        }

        await Books.CompareAsync(recorded, Check);
        foreach (var box in boxes)
            await box.Process.StopAsync(time);
        foreach (var bridge in bridges.Where(bridge => bridge.IsRunning))
            await bridge.StopAsync(time);
        // In the books what was overheard counts as well; what the platform sees by default is what was asked for.
        return new Verdict((await judge!.CompareAsync(sims.LedgerFile) with { Stored = await judge.CountAllAsync() }).ReadByBoth(ReadByBothMax, Check), recorded, waiting, tombstoned, null);
    }

    async Task<EdgeView> DrainAsync(DrillBox box)
    {
        var since = time.GetTimestamp();
        for (long before = -1; ; await PauseAsync(1))
        {
            var view = await box.ViewAsync();
            var isOver = time.GetElapsedTime(since) > DrainMax;
            if (view is null && isOver)
                throw new TimeoutException($"The box's daemon does not answer; its log ends: {box.Process.LastLines(5)}");
            if (view is null)
                continue;
            // Killed again and again it takes itself for broken; a good stop and a start is what its sentence asks for.
            if (view.IsRecordOnly)
            {
                await box.Process.StopAsync(time);
                await box.Process.StartAsync();
            }

            if (isOver || (view.Waiting == 0 && view.Recorded == before))
                return view;
            before = view.Recorded;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var box in boxes)
            await box.DisposeAsync();
        foreach (var bridge in bridges)
            await bridge.DisposeAsync();
        foreach (var broker in brokers)
            await broker.DisposeAsync();
        await sims.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        nursery.Dispose();
        for (var i = owned.Count - 1; i >= 0; i--)
            await owned[i].DisposeAsync();
    }

    async Task StartBoxAsync(int number, int port)
    {
        var suffix = number == 1 ? "" : FormattableString.Invariant($"{number}");
        var (data, config, gateway) = (In("edge" + suffix), In($"edgehub{suffix}.json"), number == 1 ? "drill-box" : $"drill-box-{suffix}");
        var json = new JsonObject
        {
            ["gateway"] = new JsonObject { ["id"] = gateway, ["site"] = "pump-room-7", ["area"] = "330106/005/012" },
            ["dataDirectory"] = data,
            ["sensors"] = number == 1 ? DemoFiles.Sensors(sims) : DemoFiles.BusSensors($"{sims.BusPort}.{suffix}"),
            ["spool"] = new JsonObject { ["segmentBytes"] = "1MiB" },
            ["uplink"] = new JsonObject { ["broker"] = $"mqtt://{BrokerAddress}:{port}", ["ackTimeout"] = "3s", ["reconnectDelayMax"] = "1s", ["takeOverDelayMax"] = "4s", ["keepAlive"] = "4s", ["statusInterval"] = "2s" },
            ["http"] = new JsonObject { ["listen"] = "127.0.0.1:0" },
        };
        EdgeConfiguration(json);
        json["spool"]!["booksInterval"] = BooksVerbs.Interval;
        DemoFiles.Write(config, json);
        string[] command = [.. EdgePrefix, Programs.Edge, "run", "--config", config];
        boxes.Add(new DrillBox(nursery, gateway, command, In($"edgehub{suffix}.log"), EdgeEnvironment, Path.Combine(data, "run", "edgehub.sock")));
        await boxes[^1].Process.StartAsync();
    }

    public int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Parse(BrokerAddress), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
