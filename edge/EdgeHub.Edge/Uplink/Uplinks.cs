using System.Threading.Channels;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// The ordered ways to the city with their connections. <see cref="UplinkChoice"/> says which of them carries the records; the ways
/// before it are kept connected, so that it is seen when one of them is well again, and the ways after it are not. Nothing is kept
/// for each way: what is un-acked is the step's alone, and an ack counts whichever way it comes by.
/// <para><see cref="Take"/> and what it decides belong to the Forwarder's loop.</para>
/// </summary>
public sealed partial class Uplinks
{
    /// <summary>In place of a position: it came by none of them.</summary>
    public const int ByHand = -1;

    readonly ForwarderOptions options;
    readonly IReadOnlyList<MqttUplink> ways;
    readonly UplinkChoice choice;
    readonly (int ReceiveMaximum, int PacketBytesMax)[] welcomes;
    readonly Channel<bool>[] wanted;
    readonly CancellationTokenSource?[] running;
    readonly ILogger<Uplinks> logger;
    volatile int active;
    bool backlogMayGo = true;
    string why = "";

    public Uplinks(ForwarderOptions options, IReadOnlyList<MqttUplink> ways, ILogger<Uplinks> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ways);
        (this.options, this.ways, this.logger) = (options, ways, logger);
        choice = new UplinkChoice(ways.Count, options.FailoverAfter, options.FailbackAfter);
        welcomes = new (int, int)[ways.Count];
        running = new CancellationTokenSource?[ways.Count];
        wanted = [.. ways.Select(_ => Channel.CreateBounded<bool>(1))];
        Want(0, true);
        foreach (var later in ways.Skip(1))
            later.StandBy();
    }

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<MqttUplink> Ways => ways;

    /// <summary>The one that carries the records.</summary>
    public MqttUplink Active => ways[active];

    public bool IsConnected => Active.IsConnected;

    /// <summary>Greatest packet that the active broker takes, in bytes.</summary>
    public int PacketBytesMax => welcomes[active].PacketBytesMax;

    /// <summary>How delivery stands, in the words of the active connection.</summary>
    public UplinkState State(DeliveryState delivery)
    {
        if (!Active.State.IsGood)
            return Active.State;
        var state = UplinkState.Of(delivery, ways.Count > 1 ? $"{Active.Broker} ({Active.Name})" : Active.Broker);
        if (!state.IsGood)
            return state;
        if (Active.Budget is { AllowsBacklog: false } budget)
            return new UplinkState(UplinkCondition.BudgetSpent, $"{state.Sentence} {budget.Used / 1048576.0:0.0} of {Active.Name}'s {budget.Allowance} are used: urgent and live records go, old ones wait.{why}", "");
        return active == 0 ? state : state with { Condition = UplinkCondition.StandingIn, Sentence = state.Sentence + why };
    }

    /// <summary>Keeps the wanted connections up. What happens on one is told with its position.</summary>
    public async Task RunAsync(Func<ForwarderEvent, int, ValueTask> tell, Func<byte[], int, ValueTask> ack, Action connected, Watchdog watchdog, CancellationToken stoppingToken)
    {
        using var stopAll = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [.. ways.Select((way, i) => KeepAsync(way, i, tell, ack, connected, watchdog, stopAll.Token))];
        try
        {
            // Whichever ends first ends all: a loop that dies must stop the process.
            await await Task.WhenAny(loops);
        }
        finally
        {
            await stopAll.CancelAsync();
            await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            foreach (var way in ways)
                way.Budget?.Save();
        }
    }

    /// <summary>Sends over the active way; a copy goes over the way that is on trial.</summary>
    public async Task<int?> PublishAsync(string topic, byte[] payload, bool retain, CancellationToken stop) => await Active.PublishAsync(topic, payload, retain, stop);

    /// <summary>For what every reader of every broker should find. True when the active one has it.</summary>
    public async Task<bool> PublishToAllAsync(string topic, byte[] payload, CancellationToken stop)
    {
        var said = await Task.WhenAll(ways.Where(way => way.IsConnected && way != Active).Append(Active).Select(way => way.PublishAsync(topic, payload, retain: true, stop)));
        return said[^1] is not null;
    }

    /// <summary>The way on trial, to which a copy of the next envelope is due; null when there is none.</summary>
    public MqttUplink? Sent(TimeSpan now)
    {
        choice.Sent(active, now);
        if (choice.Trial is not { } trial)
            return null;
        choice.Sent(trial, now);
        return ways[trial];
    }

    /// <summary>What the step is to know of it: nothing of the ways that do not carry the records.</summary>
    public IReadOnlyList<ForwarderEvent> Take(ForwarderEvent happened, int uplink, TimeSpan now)
    {
        var was = active;
        switch (happened)
        {
            case ForwarderEvent.Connected:
                choice.Connected(uplink, now);
                return uplink == was ? [happened] : [];
            case ForwarderEvent.Disconnected:
                choice.Disconnected(uplink, now);
                return uplink == was ? [happened] : [];
            case ForwarderEvent.AckJudged { Result.IsReleased: true } judged when uplink != ByHand && judged.Ack.Stored.Count + judged.Ack.SetAside.Count > 0:
                return choice.Acked(uplink, now) ? [happened, .. Change(was, now)] : [happened];
            default:
                return choice.Judge(now) ? [.. Change(was, now), happened] : [happened];
        }
    }

    /// <summary>When the active way's budget has shut out old records or lets them go again, the new word on it; else null.</summary>
    public ForwarderEvent.BacklogGate? Gate()
    {
        var isOpen = Active.Budget is not { AllowsBacklog: false };
        if (isOpen == backlogMayGo)
            return null;
        if (Active.Budget is { } budget)
            LogBudget(Active.Name, isOpen ? "go" : "wait", budget.Used, budget.Allowance);
        return new ForwarderEvent.BacklogGate(backlogMayGo = isOpen);
    }

    /// <summary>The city sees a second box with this one's id, which is used on all ways; true when that is news.</summary>
    public bool TwinTold(string text)
    {
        var isNews = false;
        foreach (var way in ways)
            isNews |= way.TwinTold(text);
        if (isNews)
            LogTwin(text);
        return isNews;
    }

    public TimeSpan? NextChange(TimeSpan now) => choice.NextChange(now);

    /// <summary>Called when another way carries the records, with the sentence that says why.</summary>
    public Action<SwitchReason, string>? Switched { get; set; }

    IEnumerable<ForwarderEvent> Change(int was, TimeSpan now)
    {
        why = choice.Reason switch
        {
            SwitchReason.NoConnection => $" It stands in for {ways[was].Name}, which has no connection: {ways[was].State.Sentence}",
            SwitchReason.NoAcks => $" It stands in for {ways[was].Name}, where what was sent got no ack for {options.FailoverAfter.TotalSeconds:0.#} s.",
            _ => "",
        };
        active = choice.Active;
        for (var i = 0; i < ways.Count; i++)
            Want(i, i <= active);
        LogSwitched(Active.Name, Active.Broker, choice.Reason, why);
        Switched?.Invoke(choice.Reason, $"Records go by {Active.Name} ({Active.Broker}) now: {choice.Reason}.{why}");
        yield return new ForwarderEvent.Disconnected();
        if (Active.IsConnected)
        {
            choice.Connected(active, now);
            yield return new ForwarderEvent.Connected(welcomes[active].ReceiveMaximum);
        }
    }

    void Want(int way, bool on)
    {
        lock (running)
            if (!on)
                running[way]?.Cancel();
            else if (running[way] is null)
                wanted[way].Writer.TryWrite(true);
    }

    async Task KeepAsync(MqttUplink way, int position, Func<ForwarderEvent, int, ValueTask> tell, Func<byte[], int, ValueTask> ack, Action connected, Watchdog watchdog, CancellationToken stop)
    {
        var handlers = new UplinkHandlers(
            async (receiveMaximum, packetBytesMax) =>
            {
                welcomes[position] = (receiveMaximum, packetBytesMax);
                await tell(new ForwarderEvent.Connected(receiveMaximum), position);
                connected();
            },
            () => tell(new ForwarderEvent.Disconnected(), position),
            payload => ack(payload, position));
        while (true)
        {
            await wanted[position].Reader.ReadAsync(stop);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
            lock (running)
                running[position] = until;
            try
            {
                await way.RunAsync(handlers, watchdog, until.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // A better way carries the records again.
            }
            finally
            {
                lock (running)
                    running[position] = null;
                way.StandBy();
            }
        }
    }

    [LoggerMessage(318, LogLevel.Error, "The city sees a second box with this one's id: {What}")]
    private partial void LogTwin(string what);

    [LoggerMessage(321, LogLevel.Warning, "Old records {What} over {Uplink}: {Used} bytes of {Allowance} are used.")]
    private partial void LogBudget(string uplink, string what, long used, DataAllowance allowance);

    [LoggerMessage(320, LogLevel.Warning, "Records go by {Uplink} ({Broker}) now: {Reason}.{Why}")]
    private partial void LogSwitched(string uplink, string broker, SwitchReason reason, string why);
}
