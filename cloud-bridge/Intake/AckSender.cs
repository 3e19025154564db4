using System.Threading.Channels;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// What follows a commit: the acks to the boxes, then the word to an external broker that its messages are done with. A loop of its
/// own, so that the next commit does not wait for the broker, and bounded, so that commits do not run away from it.
/// </summary>
sealed class AckSender(IBroker broker, Topics topics, Watchdog watchdog)
{
    /// <summary>Commits whose acks are on their way; beyond that the next commit waits for the broker.</summary>
    const int CommitsMax = 64;

    /// <summary>A turn is one message; an external broker gets seconds for it.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly Channel<(IReadOnlyList<GatewayAck> Acks, IReadOnlyList<Arrival> Arrivals)> committed = Channel.CreateBounded<(IReadOnlyList<GatewayAck>, IReadOnlyList<Arrival>)>(CommitsMax);
    readonly LoopProgress progress = watchdog.Register("acks", StallLimit);

    /// <summary>Takes what a commit settled.</summary>
    public ValueTask QueueAsync(IReadOnlyList<GatewayAck> acks, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken) => committed.Writer.WriteAsync((acks, arrivals), cancellationToken);

    /// <summary>Nothing more will be committed: what waits is sent, and the loop ends.</summary>
    public void Complete() => committed.Writer.TryComplete();

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await MoreAsync(stoppingToken))
            while (committed.Reader.TryRead(out var commit))
                await SendAsync(commit.Acks, commit.Arrivals, stoppingToken);
    }

    async Task<bool> MoreAsync(CancellationToken stoppingToken)
    {
        using (progress.Wait())
            return await committed.Reader.WaitToReadAsync(stoppingToken);
    }

    async Task SendAsync(IReadOnlyList<GatewayAck> acks, IReadOnlyList<Arrival> arrivals, CancellationToken stoppingToken)
    {
        foreach (var ack in acks)
        {
            progress.Beat();
            (await broker.PublishAsync(topics.Ack(ack.Gateway), ack.Ack.ToJson(), retain: false, stoppingToken) ? IntakeMetrics.Acks : IntakeMetrics.AcksUnsent).Add(1);
        }

        foreach (var arrival in arrivals)
            if (arrival.Acknowledge is { } acknowledge)
            {
                progress.Beat();
                await acknowledge(stoppingToken);
            }
    }
}
