using EdgeHub.Edge.Sensors.Standby;

namespace EdgeHub.Tests.Sensors.Standby;

/// <summary>
/// Two boxes and one slave on a bus, millisecond by millisecond: what is sent takes its time on the wire, is heard later by each, and is
/// noise to all where two send at once. A box may be dead, begin anew, or stand still while the bytes wait for it.
/// </summary>
sealed class TwoBoxes
{
    const int QuestionMs = 10, TurnaroundMs = 5, AnswerMs = 30, ReplyTimeoutMs = 300, RetryMs = 20, QuietMs = 40;

    readonly Random random;
    readonly int delayMsMax;
    readonly StandbyOptions[] options;
    readonly List<Sending> wire = [];

    public TwoBoxes(int seed, TimeSpan silence, int intervalMs, int delayMsMax, StandbyRole first = StandbyRole.Preferred)
    {
        random = new Random(seed);
        this.delayMsMax = delayMsMax;
        options = [new("bus", first, silence), new("bus", StandbyRole.Standby, silence)];
        Boxes = [.. options.Select(one => new Box(new StandbyStep(one, random.NextDouble, TimeSpan.Zero), intervalMs))];
    }

    public int NowMs { get; private set; }

    public Box[] Boxes { get; }

    /// <summary>The longest that both asked.</summary>
    public int BothMsMax { get; private set; }

    /// <summary>The longest that nobody asked although a box was well all that while.</summary>
    public int NobodyMsMax { get; private set; }

    int bothMs;
    int questionAtMs;

    public void Kill(int i) => Boxes[i].Step = null;

    public void Restart(int i)
    {
        Boxes[i].Step = new StandbyStep(options[i], random.NextDouble, Now);
        Boxes[i].Begin(NowMs);
    }

    public void Hang(int i, int ms) => Boxes[i].StandsUntilMs = NowMs + ms;

    /// <summary>Both ask from here on, in step or not.</summary>
    public void ForceBoth(int apartMs)
    {
        // Nothing is heard, by neither: as if the wire between them had just been mended.
        for (var end = NowMs + (int)options[1].Silence.TotalMilliseconds; NowMs < end; NowMs++)
            foreach (var box in Boxes)
                box.Step!.Turn(Now);
        questionAtMs = NowMs;
        for (var i = 0; i < 2; i++)
        {
            Assert.True(Boxes[i].Step!.TakeOver(Now));
            Boxes[i].AskAtMs = NowMs + (i * apartMs);
        }
    }

    public void Run(int ms)
    {
        for (var end = NowMs + ms; NowMs < end; NowMs++)
        {
            for (var i = 0; i < 2; i++)
                if (Boxes[i].Step is { } step && NowMs >= Boxes[i].StandsUntilMs)
                    Turn(i, Boxes[i], step);
            Arrive();
            bothMs = Boxes.All(box => box.Step is { IsActive: true } && NowMs >= box.StandsUntilMs) ? bothMs + 1 : 0;
            BothMsMax = Math.Max(BothMsMax, bothMs);
            foreach (var box in Boxes.Where(box => box.Step is not null && NowMs >= box.StandsUntilMs))
                NobodyMsMax = Math.Max(NobodyMsMax, NowMs - Math.Max(questionAtMs, Math.Max(box.WellSinceMs, box.StandsUntilMs)));
        }
    }

    TimeSpan Now => TimeSpan.FromMilliseconds(NowMs);

    void Turn(int i, Box box, StandbyStep step)
    {
        // As the loop does it: what waits is heard before anything else is done.
        step.Turn(Now);
        while (box.Inbox.Count > 0 && box.Inbox.Peek().AtMs <= NowMs)
            Hear(i, box, step, box.Inbox.Dequeue());
        if (!step.IsActive)
        {
            box.Waits = false;
            if (NowMs - box.HeardAtMs >= QuietMs && step.TakeOver(Now))
                box.AskAtMs = NowMs;
        }

        if (step.IsActive && box.Waits && NowMs >= box.WaitsUntilMs)
        {
            box.Waits = false;
            step.Unanswered(Now);
            box.AskAtMs = NowMs + RetryMs;
        }

        if (step.IsActive && !box.Waits && NowMs >= box.AskAtMs && Now >= step.NotBefore)
        {
            (box.Waits, box.WaitsUntilMs, box.AskAtMs, questionAtMs) = (true, NowMs + ReplyTimeoutMs, NowMs + box.IntervalMs, NowMs);
            Send(new Sending(i, NowMs, NowMs + QuestionMs, IsQuestion: true));
        }
    }

    void Hear(int i, Box box, StandbyStep step, Sound sound)
    {
        box.HeardAtMs = NowMs;
        if (sound.What is not { } sent)
            return;
        if (sent.IsQuestion)
            step.HeardQuestion(Now);
        else if (sent.Box == i && box.Waits && step.IsActive)
        {
            box.Waits = false;
            step.Answered();
        }
        else
            step.HeardAnswer(Now);
    }

    void Send(Sending sending)
    {
        foreach (var other in wire.Where(other => other.FromMs < sending.ToMs && sending.FromMs < other.ToMs))
            other.IsSpoiled = sending.IsSpoiled = true;
        wire.Add(sending);
    }

    void Arrive()
    {
        foreach (var sent in wire.Where(sent => sent.ToMs == NowMs).ToArray())
        {
            for (var i = 0; i < 2; i++)
                if (!sent.IsQuestion || sent.Box != i)
                    Boxes[i].Inbox.Enqueue(new Sound(Math.Max(NowMs + random.Next(delayMsMax + 1), Boxes[i].Inbox.LastOrDefault().AtMs), sent.IsSpoiled ? null : sent));
            if (sent is { IsQuestion: true, IsSpoiled: false })
                Send(new Sending(sent.Box, NowMs + TurnaroundMs, NowMs + TurnaroundMs + AnswerMs, IsQuestion: false));
        }

        wire.RemoveAll(sent => sent.ToMs < NowMs - 1000);
    }

    /// <param name="Box">Who asks, or is answered.</param>
    internal sealed record Sending(int Box, int FromMs, int ToMs, bool IsQuestion)
    {
        public bool IsSpoiled { get; set; }
    }

    internal readonly record struct Sound(int AtMs, Sending? What);

    internal sealed class Box(StandbyStep step, int intervalMs)
    {
        public StandbyStep? Step { get; set; } = step;

        public int IntervalMs => intervalMs;

        public Queue<Sound> Inbox { get; } = new();

        public int HeardAtMs { get; set; } = -1000;

        public int StandsUntilMs { get; set; }

        public int WellSinceMs { get; private set; }

        public bool Waits { get; set; }

        public int WaitsUntilMs { get; set; }

        public int AskAtMs { get; set; }

        public void Begin(int nowMs)
        {
            Inbox.Clear();
            (Waits, WellSinceMs, StandsUntilMs, HeardAtMs) = (false, nowMs, nowMs, nowMs - 1000);
        }
    }
}
