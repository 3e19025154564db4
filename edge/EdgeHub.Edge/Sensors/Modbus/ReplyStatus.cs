namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>What the bytes that came after a request are so far.</summary>
public enum ReplyStatus
{
    /// <summary>Too few bytes yet.</summary>
    NeedMore,

    /// <summary>A checked answer to this very request.</summary>
    Reply,

    /// <summary>A checked answer that says "I cannot", with a code.</summary>
    Exception,

    /// <summary>An answer's worth of bytes, and none of it checks. More may still follow: garbage may stand before the answer.</summary>
    Unchecked,
}
