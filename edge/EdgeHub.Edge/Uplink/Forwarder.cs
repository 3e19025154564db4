using System.Threading.Channels;
using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Blocks to the city: one loop that feeds <see cref="ForwarderStep"/> with what happens and does what it says. Only this loop touches
/// the step; the spool's notices and the connection's callbacks pass through one bounded channel.
/// </summary>
public sealed partial class Forwarder(ForwarderOptions options, string gateway, SpoolDoor spools, Uplinks uplinks, Announcer announcer, StorePin pin, UplinkMetrics metrics, Watchdog watchdog, TimeProvider time, int seed, ILogger<Forwarder> logger) : BackgroundService
{
    const int EventsMax = 4096;
    const int PacketTooLarge = 0x95;
    const int RefusedFrom = 0x80;

    /// <summary>A turn that takes longer hangs: it only reads the spool and hands envelopes on.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    /// <summary>An idle loop turns at least this often, so that it can be told from one that hangs.</summary>
    static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(5);

    readonly Channel<(ForwarderEvent Happened, int Uplink, TaskCompletionSource<ReleaseResult?>? Asked)> events = Channel.CreateBounded<(ForwarderEvent, int, TaskCompletionSource<ReleaseResult?>?)>(new BoundedChannelOptions(EventsMax) { SingleReader = true });
    readonly ForwarderStep step = new(options.Limits, options.StoreId ?? pin.Read(), seed);
    readonly EnvelopePacker packer = new(gateway, spools, options.Limits.RecordsPerEnvelopeMax, logger);
    readonly string records = new Topics(options.Prefix).Records(gateway);
    readonly long startedAt = time.GetTimestamp();
    readonly AckReader acks = new(metrics, logger);

    volatile bool noticesMissed;
    TimeSpan? deadline;

    /// <summary>How the active uplink stands: the connection, or while it is good, the delivery over it.</summary>
    public UplinkState State => uplinks.State(step.State);

    /// <summary>The last sign of a second box with this one's id; null when there was none for an hour.</summary>
    public UplinkState? Twin => uplinks.Ways.Select(way => way.Twin).FirstOrDefault(twin => twin is not null);

    /// <summary>When a verified ack last came; null before the first.</summary>
    public DateTimeOffset? LastAckAt { get; private set; }

    /// <summary>Old records that still wait, and how long they will at the present rate; null while nothing of them moves.</summary>
    public (ulong Records, TimeSpan? Eta) Backlog => (metrics.Backlog, metrics.Eta);

    /// <summary>The store whose acks count; null until the first one.</summary>
    public string? Store => step.Store;

    /// <summary>Takes an ack that came another way than by a broker; null when it is of a foreign store.</summary>
    /// <exception cref="IOException">This loop does not run, so nobody judges acks.</exception>
    public async Task<ReleaseResult?> SettleAsync(Ack ack)
    {
        if (ExecuteTask is not { IsCompleted: false })
            throw new IOException("The daemon forwards nothing just now: stop it and import the receipt without it.");
        var asked = new TaskCompletionSource<ReleaseResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await events.Writer.WriteAsync((new ForwarderEvent.AckArrived(ack), Uplinks.ByHand, asked));
        return await asked.Task.WaitAsync(StallLimit, time);
    }

    /// <summary>Envelopes on their way.</summary>
    public int InFlight => metrics.InFlight;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From the first question on: the spool may hang there as well as later.
        var progress = watchdog.Register("forwarder", StallLimit);
        spools.Subscribe(OnRecorded);
        spools.SubscribeChanges(() => noticesMissed = true);
        foreach (var way in uplinks.Ways)
            way.StateChanged = OnLinkState;
        uplinks.Switched = (reason, sentence) =>
        {
            metrics.Switched(reason);
            announcer.Say("uplink.switched", sentence);
        };
        Take(new ForwarderEvent.Started(spools.Views()), 0, stoppingToken);
        using var stopAll = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        ValueTask TellAsync(ForwarderEvent happened, int way) => stopAll.IsCancellationRequested ? ValueTask.CompletedTask : events.Writer.WriteAsync((happened, way, null), stopAll.Token);
        Task[] loops = [uplinks.RunAsync(TellAsync, OnAckAsync, announcer.OnConnected, watchdog, stopAll.Token), announcer.RunAsync(watchdog, stopAll.Token), ForwardAsync(progress, stopAll.Token)];
        try
        {
            // Whichever ends first ends all: a loop that dies must stop the process.
            await await Task.WhenAny(loops);
        }
        finally
        {
            await stopAll.CancelAsync();
            await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public override void Dispose()
    {
        packer.Dispose();
        base.Dispose();
    }

    async Task ForwardAsync(LoopProgress progress, CancellationToken stop)
    {
        while (true)
        {
            progress.Beat();
            if (noticesMissed)
            {
                noticesMissed = false;
                Take(new ForwarderEvent.Started(spools.Views()), 0, stop);
            }

            while (events.Reader.TryRead(out var told))
                Take(told.Happened, told.Uplink, stop, told.Asked);
            await WaitAsync(stop);
        }
    }

    async Task WaitAsync(CancellationToken stop)
    {
        var wait = deadline is { } at && at - Now < IdleTurn ? at - Now : IdleTurn;
        if (wait > TimeSpan.Zero)
        {
            using var limit = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            try
            {
                await events.Reader.WaitToReadAsync(either.Token);
                return;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // The deadline has come, or nothing did.
            }
        }

        Take(new ForwarderEvent.Tick(), 0, stop);
    }

    TimeSpan Now => time.GetElapsedTime(startedAt);

    void Take(ForwarderEvent first, int uplink, CancellationToken stop, TaskCompletionSource<ReleaseResult?>? asked = null)
    {
        var happened = new Queue<ForwarderEvent>([first]);
        while (happened.TryDequeue(out var next))
        {
            Note(next);
            if (next is ForwarderEvent.AckJudged judged)
                asked?.TrySetResult(judged.Result);
            foreach (var known in uplinks.Take(next, uplink, Now))
                Step(known, happened, stop);
            if (uplinks.Gate() is { } gate)
                Step(gate, happened, stop);
        }

        // No judgement: the ack is of a foreign store.
        asked?.TrySetResult(null);
        if (uplinks.NextChange(Now) is { } change && (deadline is null || change < deadline))
            deadline = change;
        (metrics.InFlight, metrics.Waiting, metrics.Backlog, metrics.Connected) = (step.InFlight, step.Waiting, step.Backlog, uplinks.IsConnected);
    }

    void Step(ForwarderEvent happened, Queue<ForwarderEvent> answers, CancellationToken stop)
    {
        deadline = null;
        foreach (var action in step.Handle(happened, Now))
            Do(action, answers, stop);
    }

    void Note(ForwarderEvent happened)
    {
        if (happened is ForwarderEvent.PubAck { ReasonCode: >= RefusedFrom } refused)
            metrics.Refused(refused.ReasonCode);
        if (happened is not ForwarderEvent.AckJudged judged)
            return;
        metrics.AckArrived(judged.Result.IsReleased ? "released" : "refused");
        if (judged.Result.IsReleased)
            LastAckAt = time.GetUtcNow();
        else
            LogAckRefused(judged.Ack.Store, judged.Ack.Spool, judged.Result.Outcome);
    }

    void Do(ForwarderAction action, Queue<ForwarderEvent> answers, CancellationToken stop)
    {
        switch (action)
        {
            case ForwarderAction.Publish publish:
                Publish(publish, answers, stop);
                break;
            case ForwarderAction.Release release:
                answers.Enqueue(new ForwarderEvent.AckJudged(release.Ack, spools.Release(release.Ack)));
                break;
            case ForwarderAction.Unrelease again:
                LogMissing(again.Spool, string.Join(',', again.Missing));
                announcer.Say("uplink.missing", $"The store misses records of spool {again.Spool} that it had acked: {string.Join(',', again.Missing.Take(16))}. They are sent again.");
                spools.Unrelease(again.Spool, again.Missing);
                answers.Enqueue(new ForwarderEvent.Started(spools.Views())); // Some may be gone, and have a tombstone.
                break;
            case ForwarderAction.PinStore first:
                pin.Write(first.Store);
                LogPinned(first.Store);
                break;
            case ForwarderAction.TwinTold twin when uplinks.TwinTold(twin.Text):
                announcer.Say("uplink.twin-told", twin.Text);
                break;
            case ForwarderAction.Delivered delivered:
                metrics.Delivered(delivered.Lane, delivered.Records, delivered.Latency);
                break;
            case ForwarderAction.Report report:
                Report(uplinks.State(report.State));
                break;
            case ForwarderAction.SetDeadline set:
                deadline = set.At;
                break;
        }
    }

    void Publish(ForwarderAction.Publish publish, Queue<ForwarderEvent> answers, CancellationToken stop)
    {
        var payloadMax = Math.Min(WireLimits.PayloadBytesMax, uplinks.PacketBytesMax - EnvelopePacker.OverheadBytes);
        if (packer.Pack(publish.Spool, publish.Numbers, publish.Lane, Math.Min(publish.BytesMax, payloadMax)) is not var (payload, run))
        {
            answers.Enqueue(new ForwarderEvent.Unreadable(publish.Envelope, spools.Views()));
            return;
        }

        if (payload.Length > payloadMax)
        {
            answers.Enqueue(new ForwarderEvent.PubAck(publish.Envelope, PacketTooLarge));
            return;
        }

        answers.Enqueue(new ForwarderEvent.Sized(publish.Envelope, run.Records.Sum(record => record.Length)));
        metrics.Sent(publish.Lane, publish.Attempt);
        var trial = uplinks.Sent(Now);
        _ = SendAsync(publish.Envelope, payload, stop);
        // What becomes of the copy shows in its ack alone; the records are the store's to tell apart.
        _ = trial?.PublishAsync(records, payload, retain: false, stop);
        if (run.Last < publish.Numbers.Last)
            answers.Enqueue(new ForwarderEvent.Cut(publish.Envelope, run.Last));
    }

    // Null as an answer means that the connection ended: then everything un-acked goes again anyway.
    async Task SendAsync(ulong envelope, byte[] payload, CancellationToken stop)
    {
        try
        {
            if (await uplinks.PublishAsync(records, payload, retain: false, stop) is { } reasonCode)
                await events.Writer.WriteAsync((new ForwarderEvent.PubAck(envelope, reasonCode), 0, null), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The daemon stops; what is un-acked waits in the spool.
        }
    }

    // Runs on the Recorder's thread and must not hold it: what does not fit is found by asking the spool.
    void OnRecorded(RecordedNotice notice)
    {
        if (!events.Writer.TryWrite((new ForwarderEvent.Recorded(notice.Spool, notice.Class, notice.Numbers, (int)Math.Min(notice.Bytes, int.MaxValue)), 0, null)))
            noticesMissed = true;
    }

    async ValueTask OnAckAsync(byte[] payload, int uplink)
    {
        if (acks.Read(payload, step.Store) is { } ack)
            await events.Writer.WriteAsync((new ForwarderEvent.AckArrived(ack), uplink, null));
    }

    void OnLinkState(UplinkState state)
    {
        if (state.Condition is UplinkCondition.TakenOver or UplinkCondition.TakeOverSuspected)
            announcer.Say(state.Condition == UplinkCondition.TakenOver ? "uplink.taken-over" : "uplink.take-over-suspected", state.ToString());
    }

    void Report(UplinkState state)
    {
        if (state.IsGood)
        {
            LogDelivering(state.Sentence);
            return;
        }

        LogNotDelivering(state.Condition, state.Sentence, state.Fix);
        announcer.Say($"uplink.{state.Condition}", state.ToString());
    }

    [LoggerMessage(310, LogLevel.Information, "{Sentence}")]
    private partial void LogDelivering(string sentence);

    [LoggerMessage(311, LogLevel.Warning, "Delivery {Condition}: {Sentence} {Fix}")]
    private partial void LogNotDelivering(UplinkCondition condition, string sentence, string fix);

    [LoggerMessage(312, LogLevel.Information, "This box is bound to the store {Store}: only its acks count from now on.")]
    private partial void LogPinned(string store);

    [LoggerMessage(313, LogLevel.Warning, "An ack of store {Store} for spool {Spool} released nothing: {Outcome}.")]
    private partial void LogAckRefused(string store, SpoolId spool, ReleaseOutcome outcome);

    [LoggerMessage(316, LogLevel.Warning, "The store misses {Numbers} of spool {Spool}, which it had acked; they are sent again.")]
    private partial void LogMissing(SpoolId spool, string numbers);
}
