using System.Threading.Channels;

namespace EdgeHub.Tests.Sensors;

/// <summary>A line in memory: what is written is a request, and the script says which bytes come back, if any.</summary>
sealed class ScriptedBus(Func<byte[], byte[]?> answer) : Stream
{
    readonly Channel<byte[]> coming = Channel.CreateUnbounded<byte[]>();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Send(byte[] bytes) => coming.Writer.TryWrite(bytes);

    public void HangUp() => coming.Writer.TryComplete(new IOException("Input/output error"));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var bytes = await coming.Reader.ReadAsync(cancellationToken);
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
        catch (ChannelClosedException e)
        {
            throw new IOException("Input/output error", e);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (answer(buffer.ToArray()) is { } bytes)
            Send(bytes);
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
