using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>The waits of one instrument on a line.</summary>
/// <param name="Gap">Silence before its question.</param>
/// <param name="ReplyTimeout">Until its answer must have begun.</param>
/// <param name="ByteTime">One character on the wire.</param>
public readonly record struct BusPace(TimeSpan Gap, TimeSpan ReplyTimeout, TimeSpan ByteTime)
{
    /// <summary>Silence after bytes that do not check: nothing more will come. Above the 16 ms that USB adapters hold bytes back.</summary>
    public static readonly TimeSpan SilenceAbort = TimeSpan.FromMilliseconds(50);

    /// <summary>What an instrument needs to begin its answer when it is well: an estimate for the first round.</summary>
    static readonly TimeSpan AnswerTypical = TimeSpan.FromMilliseconds(30);

    // Start, eight data, parity or a second stop bit, stop.
    const int BitsPerByte = 11;
    const double SilenceBytes = 3.5;
    const int FastBaud = 19200;
    static readonly TimeSpan FastSilence = TimeSpan.FromMilliseconds(1.75);

    // What stands behind a converter is unknown; most such buses run at this.
    const int BaudBehindConverter = 9600;

    /// <summary>The pace at a port's speed; the gap is never below 3.5 characters (Modbus over Serial Line V1.02, 2.5.1.1; fixed 1.75 ms above 19200 baud).</summary>
    public static BusPace For(PortUri port, TimeSpan gap, TimeSpan replyTimeout)
    {
        var baud = port is SerialPortUri serial ? serial.Baud : BaudBehindConverter;
        var byteTime = TimeSpan.FromSeconds((double)BitsPerByte / baud);
        var silence = baud > FastBaud ? FastSilence : byteTime * SilenceBytes;
        return new BusPace(gap > silence ? gap : silence, replyTimeout, byteTime);
    }

    /// <summary>The longest that an exchange may take.</summary>
    public TimeSpan Limit(BusQuestion question) => Gap + ReplyTimeout + Wire(question);

    /// <summary>How long it takes when the instrument is well.</summary>
    public TimeSpan Cost(BusQuestion question) => Gap + AnswerTypical + Wire(question);

    TimeSpan Wire(BusQuestion question) => ByteTime * (question.Bytes.Length + question.AnswerBytes);
}
