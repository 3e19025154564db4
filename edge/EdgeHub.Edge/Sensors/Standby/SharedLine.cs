using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Sensors.Standby;

/// <summary>
/// A line on which this box is not the only one that asks: tells what another one asked from what it asked itself. An adapter may hand
/// back what it sends; whether it does is learned from the first question that is answered, when nobody else had spoken.
/// </summary>
sealed class SharedLine(StandbyStep step)
{
    const int DeferralsMax = 3;

    readonly Traffic traffic = new();
    ReadOnlyMemory<byte> own;
    int deferred;
    bool isFirst;
    bool heardOwn;
    bool? echoes;
    TimeSpan heardAt;

    /// <summary>Another box asked while this one did.</summary>
    public Action? SteppedDown { get; set; }

    public bool MayAsk => step.IsActive;

    public TimeSpan NotBefore => step.NotBefore;

    /// <summary>This box is about to ask.</summary>
    public void Ask(TimeSpan now, ReadOnlyMemory<byte> question)
    {
        traffic.Sent(now.TotalMilliseconds, question);
        (own, isFirst, heardOwn) = (question, true, false);
    }

    /// <summary>How long to be silent before a question: longer while somebody's frame may be under way.</summary>
    public TimeSpan Gap(TimeSpan usual) => traffic.IsHolding && usual < StandbyTalk.Pause ? StandbyTalk.Pause : usual;

    /// <summary>
    /// Whether this box may ask: what was heard until now is over and was no other's question. While a frame may be under way the answer
    /// is no, but not for ever: somebody may babble.
    /// </summary>
    public bool MayAskNow(TimeSpan now)
    {
        if (traffic.IsHolding && now - heardAt < StandbyTalk.Pause && deferred < DeferralsMax)
        {
            deferred++;
            return false;
        }

        deferred = 0;
        Judge(now, traffic.Silence());
        return step.IsActive;
    }

    /// <summary>Bytes that came while this box asks.</summary>
    public void Hear(TimeSpan now, ReadOnlySpan<byte> bytes)
    {
        if (now - heardAt > StandbyTalk.Pause)
            Judge(now, traffic.Silence());
        heardAt = now;
        Judge(now, traffic.Add(now.TotalMilliseconds, bytes));
    }

    public void Answered()
    {
        echoes ??= heardOwn;
        step.Answered();
    }

    public void Unanswered(TimeSpan now) => step.Unanswered(now);

    void Judge(TimeSpan now, IReadOnlyList<TrafficEvent> events)
    {
        foreach (var one in events)
        {
            if (one.Kind == TrafficKind.Question && !IsOwn(one) && step.HeardQuestion(now))
                SteppedDown?.Invoke();
            isFirst = false;
        }
    }

    bool IsOwn(TrafficEvent one)
    {
        var isOwn = isFirst && echoes != false && one.Bytes.Span.SequenceEqual(own.Span);
        heardOwn |= isOwn;
        return isOwn;
    }
}
