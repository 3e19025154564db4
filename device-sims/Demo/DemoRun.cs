using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>
/// The whole product at work: simulators, bridge and edge as three processes, watched until the time is up, then drained,
/// stopped and judged.
/// </summary>
sealed class DemoRun : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan OutageLength = TimeSpan.FromSeconds(4);
    static readonly TimeSpan ReplugAfter = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ChaosLengthDefault = TimeSpan.FromSeconds(60);

    readonly DemoOptions options;
    readonly TimeProvider time;
    readonly ProcessNursery nursery = new();
    readonly DemoFiles files;
    readonly SimsProcess sims;
    readonly CuttableLine line;
    readonly Child edge;
    readonly Child bridge;
    readonly EdgeProbe probe;
    readonly Judge judge;
    readonly ChaosPlan plan;
    readonly List<ChaosEvent> chaos = [];
    readonly int brokerPort = FreePort();
    long recordedAtStrike;

    public DemoRun(DemoOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        plan = new ChaosPlan(options.Chaos, options.Kills);
        files = new DemoFiles(options);
        sims = new SimsProcess(nursery, Programs.Sims, files.Sims, options.Seed);
        line = new CuttableLine(() => options.Broker ?? ("127.0.0.1", brokerPort));
        files.WriteEdge(sims, line.Port);
        files.WriteBridge(brokerPort);
        edge = new Child(nursery, "edgehub", Programs.Edge, ["run", "--config", files.EdgeConfig], files.Log("edgehub"));
        bridge = new Child(nursery, "edgehub-bridge", Programs.Bridge, ["run", "--config", files.BridgeConfig], files.Log("edgehub-bridge"));
        probe = new EdgeProbe(files.EdgeSocket);
        judge = new Judge(options, files.SqliteFile);
    }

    /// <summary>What the books verbs of box and city print at the end.</summary>
    public string Books { get; private set; } = "";

    /// <summary>Runs until the length is over or <paramref name="stoppingToken"/> says so, then drains and judges.</summary>
    public async Task<Verdict> RunAsync(CancellationToken stoppingToken)
    {
        await sims.StartAsync(time);
        await bridge.StartAsync();
        await edge.StartAsync();
        await AwaitAsync("the edge daemon to answer on its socket", StartMax, async () => await probe.ReadAsync() is not null);
        var view = new LiveView();
        EdgeView last = null!;
        await view.ShowAsync(async show =>
        {
            await WatchAsync(show, stoppingToken);
            await sims.AskAsync("pause", time);
            last = await DrainAsync(show);
        });
        var verbs = new BooksVerbs(files.EdgeConfig, files.BridgeConfig, time);
        var whole = await verbs.WholeAsync(last.Recorded);
        (var balance, Books) = await verbs.PrintAsync();
        // Sims first: a line that hangs up while the daemons stop would only be noise in their logs.
        await edge.StopAsync(time);
        await bridge.StopAsync(time);
        var findings = await judge.CompareAsync(sims.LedgerFile);
        return new Verdict(findings, last.Recorded, last.Waiting, last.Tombstoned, plan.IsEmpty ? null : chaos) { BooksBalance = balance && whole.Difference.Length == 0 && whole.Told == last.Recorded };
    }

    public async ValueTask DisposeAsync()
    {
        probe.Dispose();
        await edge.DisposeAsync();
        await bridge.DisposeAsync();
        await sims.DisposeAsync();
        await line.DisposeAsync();
        nursery.Dispose();
    }

    async Task WatchAsync(Action<TimeSpan, EdgeView?, long> show, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        var length = options.Length ?? TimeSpan.MaxValue;
        // A strike that waited for its moment may be late; all of them happen.
        while (!stoppingToken.IsCancellationRequested && (time.GetElapsedTime(started) < length || plan.Due(chaos.Count, length, length) is not null))
        {
            var elapsed = time.GetElapsedTime(started);
            if (plan.Due(chaos.Count, elapsed, options.Length ?? ChaosLengthDefault) is { } strike)
                await StrikeAsync(strike, elapsed);
            show(elapsed, await probe.ReadAsync(), await StoredAsync());
            ThrowIfDead();
            await PauseAsync(Glance, stoppingToken);
        }
    }

    async Task StrikeAsync(Strike strike, TimeSpan at)
    {
        // In the middle of the work: something new is recorded since the last strike, and something has no ack yet.
        long unacked = 0, recorded = 0;
        await AwaitAsync("new readings that wait for their ack", StartMax, async () =>
        {
            (unacked, recorded) = await probe.ReadAsync() is { } view ? (view.Waiting, view.Recorded) : (0, 0);
            return unacked > 0 && recorded > recordedAtStrike;
        }, TimeSpan.FromMilliseconds(10));
        recordedAtStrike = recorded;
        chaos.Add(new ChaosEvent(strike.Words(), at.TotalSeconds, unacked));
        switch (strike)
        {
            case Strike.KillEdge:
                await edge.KillAsync();
                await edge.StartAsync();
                break;
            case Strike.KillBridge:
                await bridge.KillAsync();
                await PauseAsync(ReplugAfter, CancellationToken.None);
                await bridge.StartAsync();
                break;
            case Strike.CutBroker:
                line.Cut();
                await PauseAsync(OutageLength, CancellationToken.None);
                line.Mend();
                break;
            case Strike.Replug:
                await sims.AskAsync("unplug ttyPM0", time);
                await PauseAsync(ReplugAfter, CancellationToken.None);
                await sims.AskAsync("replug ttyPM0", time);
                break;
        }
    }

    async Task<EdgeView> DrainAsync(Action<TimeSpan, EdgeView?, long> show)
    {
        var started = time.GetTimestamp();
        EdgeView? last = null;
        long before = -1;
        while (time.GetElapsedTime(started) < options.DrainMax)
        {
            ThrowIfDead();
            if (await probe.ReadAsync() is { } view)
            {
                show(time.GetElapsedTime(started), view, await StoredAsync());
                // Killed again and again it takes itself for broken; a good stop and a start is what its sentence asks for.
                if (view.IsRecordOnly)
                {
                    await edge.StopAsync(time);
                    await edge.StartAsync();
                }

                // Twice the same and nothing waits: what was sampled has also been recorded.
                if (view.Waiting == 0 && view.Recorded == before)
                    return view;
                (last, before) = (view, view.Recorded);
            }

            await PauseAsync(TimeSpan.FromMilliseconds(1500), CancellationToken.None);
        }

        return last ?? throw new TimeoutException($"The edge daemon did not answer during the drain; its log ends: {edge.LastLines(5)}");
    }

    async Task<long> StoredAsync()
    {
        try
        {
            return await judge.CountAsync();
        }
        catch (System.Data.Common.DbException)
        {
            // No schema yet, or the bridge is away: shown as nothing, judged at the end.
            return 0;
        }
    }

    void ThrowIfDead()
    {
        if (!edge.IsRunning)
            throw new InvalidOperationException($"The edge daemon ended by itself; its log ends: {edge.LastLines(8)}");
        if (!bridge.IsRunning)
            throw new InvalidOperationException($"The bridge ended by itself; its log ends: {bridge.LastLines(8)}");
    }

    async Task AwaitAsync(string what, TimeSpan limit, Func<Task<bool>> condition, TimeSpan? interval = null)
    {
        var started = time.GetTimestamp();
        while (!await condition())
        {
            ThrowIfDead();
            if (time.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:F0} s for {what}; the edge's log ends: {edge.LastLines(5)}");
            await PauseAsync(interval ?? TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    async Task PauseAsync(TimeSpan length, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(length, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C ends the pause; the caller looks at the token.
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
