using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.Uplink;

/// <summary>
/// The step behind a link that carries so many bytes a second, one after the other, in virtual time: what is sent waits behind what was
/// sent before, and the city acks after a round trip. One block is recorded each second, an urgent one each minute.
/// </summary>
sealed class SlowLink(int bytesPerSecond, TimeSpan roundTrip)
{
    const int RecordBytes = 150;
    const int EnvelopeBytes = 200;

    static readonly SpoolId Old = FakeSpools.Id(1), Live = FakeSpools.Id(2), Urgent = FakeSpools.Id(3);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly ForwarderStep step = new(new ForwarderLimits(), "city", 1);
    readonly PriorityQueue<ForwarderEvent, TimeSpan> coming = new();
    readonly Dictionary<ulong, ForwarderAction.Publish> sent = [];
    TimeSpan now, freeAt;
    TimeSpan? deadline;
    long seconds;
    ulong urgent;

    /// <summary>May change while it runs.</summary>
    public int BytesPerSecond { get; set; } = bytesPerSecond;

    public TimeSpan Now => now;

    public ulong Backlog => step.Backlog;

    /// <summary>From a live record's recording to its ack, the longest since it was last set to zero.</summary>
    public TimeSpan LiveLag { get; set; }

    public TimeSpan UrgentLag { get; set; }

    /// <summary>When this outage's records alone would be through, if nothing else travelled.</summary>
    public TimeSpan Ideal(int records) => TimeSpan.FromSeconds((double)records * RecordBytes / BytesPerSecond);

    public void ConnectAfterOutage(int records)
    {
        Do(new ForwarderEvent.Started([View(Old, SpoolClass.Normal, (ulong)records), View(Live, SpoolClass.Normal, 0), View(Urgent, SpoolClass.Urgent, 0)]));
        Do(new ForwarderEvent.Connected(100));
    }

    public void Run(TimeSpan until)
    {
        while (now < until)
        {
            var next = Second * (seconds + 1);
            if (deadline is { } at && at < next)
                next = at;
            if (coming.TryPeek(out _, out var arrival) && arrival < next)
                next = arrival;
            now = next > now ? next : now;
            if (coming.TryPeek(out var first, out arrival) && arrival <= now)
            {
                coming.Dequeue();
                Do(first);
            }
            else if (now >= Second * (seconds + 1))
                Record();
            else
                Do(new ForwarderEvent.Tick());
        }
    }

    void Record()
    {
        seconds++;
        Do(new ForwarderEvent.Recorded(Live, SpoolClass.Normal, new NumberRange((ulong)seconds, (ulong)seconds), RecordBytes));
        if (seconds % 60 == 0)
            Do(new ForwarderEvent.Recorded(Urgent, SpoolClass.Urgent, new NumberRange(++urgent, urgent), RecordBytes));
    }

    void Do(ForwarderEvent first)
    {
        var happened = new Queue<ForwarderEvent>([first]);
        while (happened.TryDequeue(out var next))
        {
            deadline = null;
            foreach (var action in step.Handle(next, now))
                switch (action)
                {
                    case ForwarderAction.Publish publish:
                        Send(publish, happened);
                        break;
                    case ForwarderAction.Release release:
                        Note(release.Ack);
                        happened.Enqueue(new ForwarderEvent.AckJudged(release.Ack, new ReleaseResult(ReleaseOutcome.Released, release.Ack.Stored[0].Count, 0)));
                        break;
                    case ForwarderAction.SetDeadline set:
                        deadline = set.At;
                        break;
                }
        }
    }

    void Send(ForwarderAction.Publish publish, Queue<ForwarderEvent> answers)
    {
        var count = Math.Clamp((ulong)(publish.BytesMax / RecordBytes), 1, publish.Numbers.Count);
        var numbers = publish.Numbers with { Last = publish.Numbers.First + count - 1 };
        var bytes = (int)count * RecordBytes;
        answers.Enqueue(new ForwarderEvent.Sized(publish.Envelope, bytes));
        if (count < publish.Numbers.Count)
            answers.Enqueue(new ForwarderEvent.Cut(publish.Envelope, numbers.Last));
        sent[publish.Envelope] = publish;
        freeAt = (freeAt > now ? freeAt : now) + TimeSpan.FromSeconds((double)(bytes + EnvelopeBytes) / BytesPerSecond);
        coming.Enqueue(new ForwarderEvent.PubAck(publish.Envelope, 0), freeAt + (roundTrip / 2));
        coming.Enqueue(new ForwarderEvent.AckArrived(new Ack("city", publish.Spool, [numbers], [], RecordHash.Zero, [])), freeAt + roundTrip);
    }

    void Note(Ack ack)
    {
        if (ack.Spool == Live)
            LiveLag = Longer(LiveLag, now - (Second * (long)ack.Stored[0].First));
        if (ack.Spool == Urgent)
            UrgentLag = Longer(UrgentLag, now - (TimeSpan.FromMinutes(1) * (long)ack.Stored[0].First));
    }

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    static SpoolView View(SpoolId id, SpoolClass spoolClass, ulong head) =>
        new(id, spoolClass, head, RecordHash.Zero, [], [], [], head == 0 ? [] : [new NumberRange(1, head)], id != Old);
}
