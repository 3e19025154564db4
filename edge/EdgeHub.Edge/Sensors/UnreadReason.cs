namespace EdgeHub.Edge.Sensors;

/// <summary>Why a value that was due was not read. Its word travels in the books.</summary>
public enum UnreadReason
{
    /// <summary>The sensor did not answer in time.</summary>
    Timeout,

    /// <summary>What came had a wrong checksum.</summary>
    Crc,

    /// <summary>The sensor answered that it cannot (a Modbus exception).</summary>
    Refused,

    /// <summary>The port was not open.</summary>
    Off,

    /// <summary>The line was busy with its other sensors.</summary>
    Late,

    /// <summary>Read, and the queue towards the recorder was full.</summary>
    Overflow,

    /// <summary>Two boxes share the line: nobody asked, and this one listened.</summary>
    Listening,
}

public static class UnreadReasonExtensions
{
    static readonly string[] Words = ["timeout", "crc", "refused", "off", "late", "overflow", "listening"];

    public static int Count => Words.Length;

    public static string Word(this UnreadReason reason) => Words[(int)reason];
}
