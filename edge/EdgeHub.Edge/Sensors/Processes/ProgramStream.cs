using System.Diagnostics;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Processes;

/// <summary>A running program as a stream of bytes: what it prints is read, at no more than its rate; closing ends it.</summary>
sealed class ProgramStream : Stream
{
    /// <summary>From the end of its standard input to the kill.</summary>
    static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    readonly Process program;
    readonly ProcessSettings settings;
    readonly ProgramErrors errors;
    readonly TimeProvider time;
    readonly Task pumping;
    long windowStart;
    int windowBytes;

    public ProgramStream(Process program, ProcessSettings settings, ProgramErrors errors, TimeProvider time)
    {
        (this.program, this.settings, this.errors, this.time) = (program, settings, errors, time);
        windowStart = time.GetTimestamp();
        pumping = errors.PumpAsync(program.StandardError);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A program that prints more than it may waits in its own write until the second is over.
        if (windowBytes >= settings.BytesPerSecondMax && TimeSpan.FromSeconds(1) - time.GetElapsedTime(windowStart) is var rest && rest > TimeSpan.Zero)
            await Task.Delay(rest, time, cancellationToken);
        if (time.GetElapsedTime(windowStart) >= TimeSpan.FromSeconds(1))
            (windowStart, windowBytes) = (time.GetTimestamp(), 0);
        var count = await program.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken);
        windowBytes += count;
        return count > 0 ? count : throw await EndedAsync();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await program.StandardInput.BaseStream.WriteAsync(buffer, cancellationToken);
        await program.StandardInput.BaseStream.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            program.StandardInput.Close();
            await EndAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It is gone already.
        }

        program.Dispose();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    async Task<LineException> EndedAsync()
    {
        await EndAsync();
        var words = errors.Last.Length > 0 ? $"; its last words: {errors.Last}" : "";
        return new LineException(Condition.Fault, $"its program {settings.Command[0]} has ended with code {program.ExitCode}{words}. It is started again by itself.");
    }

    // Whoever closes its output or loses its input has said what it had to say.
    async Task EndAsync()
    {
        try
        {
            await program.WaitForExitAsync().WaitAsync(EndTimeout, time);
        }
        catch (TimeoutException)
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }

        await pumping.WaitAsync(EndTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
