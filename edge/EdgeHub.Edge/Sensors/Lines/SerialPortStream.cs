using System.IO.Ports;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>
/// The bytes of an open <see cref="SerialPort"/>, closing the port with the stream.
/// Measured with System.IO.Ports 10.0.14 on a line that hangs up: a read under way ends within milliseconds with
/// ObjectDisposedException; a read begun later never ends; a write begun later never ends and makes Close spin for ever.
/// So the owner keeps a read under way at all times and looks at it before each write, and closing has a time limit here.
/// </summary>
sealed class SerialPortStream(SerialPort port, PortLock? held, TimeProvider time) : Stream
{
    /// <summary>A close that takes longer never ends: its port is gone and one pool thread is left behind.</summary>
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => port.BaseStream.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => port.BaseStream.Write(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => port.BaseStream.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => port.BaseStream.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Task.Run(port.Dispose).WaitAsync(CloseTimeout, time);
        }
        finally
        {
            held?.Dispose();
        }

        await base.DisposeAsync(); // Disposes again, which a closed port ignores.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            port.Dispose();
            held?.Dispose();
        }

        base.Dispose(disposing);
    }
}
