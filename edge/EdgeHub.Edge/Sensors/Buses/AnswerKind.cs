namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>What the bytes that came after a question amount to.</summary>
public enum AnswerKind
{
    /// <summary>Too few bytes yet.</summary>
    NeedMore,

    /// <summary>An answer's worth of bytes, and none of it checks. More may still follow: garbage may stand before the answer.</summary>
    Unchecked,

    /// <summary>A checked answer to this very question.</summary>
    Answered,

    /// <summary>A checked answer that says "I cannot".</summary>
    Refused,

    /// <summary>A checked answer that says "not now".</summary>
    Busy,
}
