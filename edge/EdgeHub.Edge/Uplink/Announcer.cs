using System.Threading.Channels;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// What the box says for people to read: its status (retained, on connect and each minute), its catalog (retained, on connect and
/// when it changes) and events. Views all of them: nothing rests on their arrival.
/// </summary>
public sealed class Announcer(ForwarderOptions options, string gateway, Uplinks uplinks, Func<GatewayStatus> status, Func<Catalog?> catalog, TimeProvider time)
{
    const int EventsMax = 256;
    const int KindsMax = 64;

    /// <summary>Longest time for one message: a publish ends with its connection or after one and a half keep-alives.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(1);

    readonly Topics topics = new(options.Prefix);
    readonly Channel<byte[]> events = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(EventsMax) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Channel<bool> wake = Channel.CreateBounded<bool>(1);
    readonly Dictionary<string, long> saidAt = [];
    readonly Lock gate = new();
    readonly long startedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    volatile bool connectedAnew;
    Catalog? published;
    int eventNumber;

    /// <summary>An event of a kind is said at most once a minute; the newest <c>256</c> wait for a connection.</summary>
    public void Say(string kind, string text)
    {
        lock (gate)
        {
            if (saidAt.TryGetValue(kind, out var before) && time.GetElapsedTime(before) < RepeatAfter)
                return;
            if (saidAt.Count >= KindsMax)
                saidAt.Clear();
            saidAt[kind] = time.GetTimestamp();
            events.Writer.TryWrite(UplinkEvent.ToJson($"{startedUnixMs:x}-{++eventNumber}", gateway, kind, time.GetUtcNow(), text));
        }

        Wake();
    }

    public void OnConnected()
    {
        connectedAnew = true;
        Wake();
    }

    public async Task RunAsync(Watchdog watchdog, CancellationToken stoppingToken)
    {
        ArgumentNullException.ThrowIfNull(watchdog);
        var progress = watchdog.Register("announcer", options.StatusInterval + StallLimit);
        var statusAt = time.GetTimestamp();
        while (true)
        {
            progress.Beat();
            await WaitAsync(stoppingToken);
            if (!uplinks.IsConnected)
                continue;
            var anew = connectedAnew;
            connectedAnew = false;
            if (anew || time.GetElapsedTime(statusAt) >= options.StatusInterval)
            {
                statusAt = time.GetTimestamp();
                await uplinks.PublishToAllAsync(topics.Status(gateway), status().ToJson(), stoppingToken);
            }

            if (catalog() is { } current && (anew || !current.Equals(published)) && await uplinks.PublishToAllAsync(topics.Catalog(gateway), CatalogView.ToJson(gateway, current), stoppingToken))
                published = current;
            while (events.Reader.TryPeek(out var next) && await uplinks.PublishAsync(topics.Events(gateway), next, retain: false, stoppingToken) is not null)
            {
                progress.Beat();
                events.Reader.TryRead(out _);
            }
        }
    }

    async Task WaitAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.StatusInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The minute is over.
        }
    }

    // One that is pending already serves for this one too.
    void Wake() => wake.Writer.TryWrite(true);
}
