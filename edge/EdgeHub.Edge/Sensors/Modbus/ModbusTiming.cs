using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The waits on one line. Source: Modbus over Serial Line V1.02, 2.5.1.1 (3.5 characters of 11 bits; fixed 1.75 ms above 19200 baud).</summary>
/// <param name="ReplyTimeout">Until the answer must have begun, as far as the slave is concerned.</param>
/// <param name="Turnaround">Silence before the next request.</param>
/// <param name="ByteTime">One character on the wire.</param>
public readonly record struct ModbusTiming(TimeSpan ReplyTimeout, TimeSpan Turnaround, TimeSpan ByteTime)
{
    /// <summary>Silence after bytes that do not check: nothing more will come. Above the 16 ms that USB adapters hold bytes back.</summary>
    public static readonly TimeSpan SilenceAbort = TimeSpan.FromMilliseconds(50);

    const int BitsPerByte = 11;
    const double SilenceBytes = 3.5;
    const int FastBaud = 19200;
    static readonly TimeSpan FastSilence = TimeSpan.FromMilliseconds(1.75);

    // What stands behind a converter is unknown; most such buses run at this.
    const int BaudBehindConverter = 9600;

    public static ModbusTiming For(PortUri port, ModbusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var baud = port is SerialPortUri serial ? serial.Baud : BaudBehindConverter;
        var byteTime = TimeSpan.FromSeconds((double)BitsPerByte / baud);
        var silence = baud > FastBaud ? FastSilence : byteTime * SilenceBytes;
        return new ModbusTiming(options.ReplyTimeout, options.Turnaround > silence ? options.Turnaround : silence, byteTime);
    }

    /// <summary>The longest that a request and its answer may take.</summary>
    public TimeSpan Limit(ModbusRequest request) =>
        ReplyTimeout + (ByteTime * (ModbusFrames.RequestBytes + request.PayloadBytes + 5));
}
