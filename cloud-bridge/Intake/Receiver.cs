using System.Data.Common;
using System.Threading.Channels;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// The loop of the city side: deliveries to the store, then the ack. Invariants:
/// <list type="bullet">
/// <item>No ack leaves before the store's commit, and no message is acknowledged to an external broker before it.</item>
/// <item>The queue is bounded; what finds it full is dropped and counted, and the box sends it again.</item>
/// <item>A payload that is none of ours is kept as a dead letter and the rest goes on.</item>
/// <item>While the database is away the batch is kept and tried again; nothing is acked meanwhile.</item>
/// </list>
/// </summary>
public sealed partial class Receiver : BackgroundService
{
    // An idle loop turns at least this often, so that it can be told from one that hangs.
    const long IdleBeatMs = 5_000;

    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly IBroker broker;
    readonly Committer committer;
    readonly Topics topics;
    readonly IntakeOptions options;
    readonly TimeProvider time;
    readonly ILogger<Receiver> logger;
    readonly ArrivalReader reader;
    readonly Channel<Delivery> queue;
    readonly AckSender acks;
    readonly TwinDetector twins = new();
    readonly StatusReader statuses;
    readonly DeadLetterLog deadLetters;
    readonly ResiliencePipeline retry;
    readonly LoopProgress progress;
    long queuedBytes;
    long commits;

    public Receiver(IBroker broker, Committer committer, Topics topics, IntakeOptions options, Watchdog watchdog, TimeProvider time, ILogger<Receiver> logger)
    {
        ArgumentNullException.ThrowIfNull(watchdog);
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(options);
        (this.broker, this.committer, this.topics, this.options, this.time, this.logger) = (broker, committer, topics, options, time, logger);
        reader = new ArrivalReader(topics);
        statuses = new StatusReader(committer, logger);
        deadLetters = new DeadLetterLog(time, logger);
        queue = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(options.QueueMax) { SingleReader = true });
        retry = Retry();
        progress = watchdog.Register("receiver", StallLimit);
        acks = new AckSender(broker, topics, watchdog);
        broker.Arrived = OfferAsync;
    }

    /// <summary>Told after each commit: there may be something to publish.</summary>
    public Action<CommitResult>? Committed { get; set; }

    /// <summary>Told of each box's status.</summary>
    public Action<GatewayStatus>? StatusHeard { get; set; }

    /// <summary>Good, or why commits fail and what to do.</summary>
    public StoreState StoreState { get; private set; } = StoreState.Good;

    /// <summary>Batches committed since the start: what a watchdog and a test look at.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Stops taking deliveries, commits what is queued, and sends the acks of it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        broker.Arrived = null;
        queue.Writer.TryComplete();
        if (ExecuteTask is { } loop)
            await Task.WhenAny(loop, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        reader.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = acks.RunAsync(stoppingToken);
        var receiving = ReceiveAsync(stoppingToken);
        // Whichever dies ends the process: a bridge that stores and never acks would look well from inside.
        await await Task.WhenAny(sending, receiving);
        acks.Complete();
        await Task.WhenAll(sending, receiving);
    }

    async Task ReceiveAsync(CancellationToken stoppingToken)
    {
        await retry.ExecuteAsync(async token => await committer.UnparkAsync(token), stoppingToken);
        var gate = new BatchGate(options);
        var batch = new List<Delivery>();
        while (!queue.Reader.Completion.IsCompleted)
        {
            progress.Beat();
            if (!await MoreAsync(IdleBeatMs, stoppingToken))
                continue;
            do
            {
                while (!gate.IsFull && queue.Reader.TryRead(out var delivery))
                {
                    Interlocked.Add(ref queuedBytes, -delivery.Bytes);
                    gate.Add(delivery, NowMs());
                    batch.Add(delivery);
                }
            }
            while (gate.WaitMs(NowMs()) is > 0 and var waitMs && await MoreAsync(waitMs, stoppingToken));
            // Once a batch, not once a try: the detector has then seen these turns.
            var (found, told) = FindTwins(batch);
            await retry.ExecuteAsync(async token => await CommitAsync(batch, found, told, token), stoppingToken);
            batch.Clear();
            gate.Reset();
        }
    }

    async Task CommitAsync(List<Delivery> batch, IReadOnlyList<StoreEvent> events, Dictionary<string, string> twinsOf, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var records = new List<DeliveredRecord>(batch.Sum(delivery => delivery.Records.Count));
        var letters = new List<DeadLetter>();
        foreach (var delivery in batch)
        {
            records.AddRange(delivery.Records);
            if (delivery.DeadLetter is { } letter)
                letters.Add(letter);
        }

        var result = await committer.CommitAsync(records, letters, events, cancellationToken);
        var due = result.Acks.Select(ack => twinsOf.TryGetValue(ack.Gateway, out var twin) ? ack with { Ack = ack.Ack with { Twin = twin } } : ack).ToList();
        foreach (var delivery in batch)
            if (delivery.Status is { } status)
            {
                StatusHeard?.Invoke(status);
                due.AddRange(await statuses.TakeAsync(status, cancellationToken));
            }

        foreach (var found in result.Events)
            statuses.SayRestored(found);

        Interlocked.Increment(ref commits);
        Say(StoreState.Good);
        Count(result, letters);
        deadLetters.Note(letters);
        StoreMetrics.CommitSeconds.Record(time.GetElapsedTime(started).TotalSeconds);
        Committed?.Invoke(result);
        await acks.QueueAsync(due, [.. batch.Select(delivery => delivery.Arrival)], cancellationToken);
    }

    // Events for people, and for each gateway what its boxes are to hear with their acks.
    (List<StoreEvent> New, Dictionary<string, string> Told) FindTwins(List<Delivery> batch)
    {
        var found = new List<StoreEvent>();
        var told = new Dictionary<string, string>();
        foreach (var delivery in batch)
            foreach (var record in delivery.Records)
            {
                if (twins.Note(record) is not { } twin)
                    continue;
                told[record.Gateway] = twin.Event.Text;
                if (!twin.IsNew)
                    continue;
                found.Add(twin.Event);
                IntakeMetrics.Twins.Add(1);
                LogTwin(twin.Event.Text);
            }

        return (found, told);
    }

    async Task OfferAsync(Arrival arrival)
    {
        if (reader.Read(arrival) is not { } delivery)
        {
            if (arrival.Acknowledge is { } notOurs)
                await notOurs(CancellationToken.None);
            return;
        }

        if (Interlocked.Add(ref queuedBytes, delivery.Bytes) <= options.QueueBytesMax && queue.Writer.TryWrite(delivery))
            return;
        Interlocked.Add(ref queuedBytes, -delivery.Bytes);
        IntakeMetrics.Dropped.Add(1);
        // Without an ack of ours the box sends it again; the broker need not keep it.
        if (arrival.Acknowledge is { } acknowledge)
            await acknowledge(CancellationToken.None);
    }

    async Task<bool> MoreAsync(long waitMs, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(waitMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            return await queue.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    ResiliencePipeline Retry() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DbException>().Handle<IOException>().Handle<TimeoutException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.RetryDelay,
            MaxDelay = options.RetryDelayMax,
            OnRetry = arguments =>
            {
                progress.Rest(arguments.RetryDelay);
                IntakeMetrics.CommitFailures.Add(1);
                Say(StoreState.Of(committer.Store, arguments.Outcome.Exception));
                return default;
            },
        })
        .Build();

    // Once when it changes: a database that is away for a day is one line, and a metric.
    void Say(StoreState state)
    {
        if (state.Fault == StoreState.Fault)
            return;
        StoreState = state;
        StoreMetrics.Condition = (int)state.Fault;
        if (state.Fault == StoreFault.None)
            LogStoreBack(committer.Store.Description);
        else if (state.NeedsSomeone)
            LogStoreNeedsSomeone(state.Fault, state.Sentence);
        else
            LogStoreAway(state.Sentence);
    }

    static void Count(CommitResult result, List<DeadLetter> letters)
    {
        StoreMetrics.Readings.Add(result.ReadingsStored);
        StoreMetrics.SetAside.Add(result.RecordsSetAside);
        StoreMetrics.Duplicates.Add(result.Duplicates);
        StoreMetrics.Equivocations.Add(result.Equivocations);
        IntakeMetrics.DeadLetters.Add(letters.Count);
    }

    long NowMs() => (long)time.GetElapsedTime(0).TotalMilliseconds;

    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "{Sentence}")]
    partial void LogStoreAway(string sentence);

    [LoggerMessage(EventId = 403, Level = LogLevel.Critical, Message = "Store {Fault}: {Sentence}")]
    partial void LogStoreNeedsSomeone(StoreFault fault, string sentence);

    [LoggerMessage(EventId = 404, Level = LogLevel.Information, Message = "{Store} takes commits again.")]
    partial void LogStoreBack(string store);

    [LoggerMessage(EventId = 402, Level = LogLevel.Error, Message = "{What}")]
    partial void LogTwin(string what);
}
