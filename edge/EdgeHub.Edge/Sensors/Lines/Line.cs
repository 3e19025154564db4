namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>Bytes went over a line.</summary>
/// <param name="sent">True where the box sent them.</param>
public delegate void BytesPassed(bool sent, ReadOnlySpan<byte> bytes);

/// <summary>
/// An open line: its bytes, and a way to see that the device is gone. One reader and one writer use it, one after the other.
/// A read that ran into its time limit goes on in the background and serves the next one, so no byte falls between two reads.
/// Every failure of the device below, whatever its exception, becomes a <see cref="LineException"/> here.
/// </summary>
/// <param name="name">For messages.</param>
/// <param name="stream">Owned: disposed with the line.</param>
/// <param name="isThere">False once the device behind the stream is gone.</param>
public sealed class Line(string name, Stream stream, Func<bool> isThere, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Bytes taken from the device at once; at 115200 baud 20 ms of data.</summary>
    const int ReadBytesMax = 256;

    /// <summary>How often a waiting reader looks whether the device is still there.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>A write that takes longer has met a blocked line.</summary>
    static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(2);

    readonly byte[] buffer = new byte[ReadBytesMax];
    Task<int>? reading;
    int start;
    int count;

    /// <summary>Called when bytes come, and each <see cref="WatchInterval"/> while a reader waits for some.</summary>
    public Action? Turned { get; set; }

    /// <summary>How to set the line anew while it is open; null where there is nothing to set.</summary>
    public Action<SerialPortUri>? Apply { get; init; }

    /// <summary>
    /// Sets the line as a port says: baud, parity, data and stop bits. Another kind of line has no settings. False when the device is
    /// there and refuses: some adapters and every pseudo terminal have no parity, and say so. Then the settings may be half applied.
    /// </summary>
    /// <exception cref="LineException">The line is gone.</exception>
    public bool Set(PortUri port)
    {
        try
        {
            if (port is SerialPortUri serial)
                Apply?.Invoke(serial);
            return true;
        }
        catch (Exception e) when (IsDeviceFailure(e, CancellationToken.None))
        {
            return isThere() ? false : throw Gone(e);
        }
    }

    /// <summary>Called with all bytes that come in, and with those that are sent.</summary>
    public BytesPassed? Passed { get; set; }

    /// <summary>The next bytes, or 0 when <paramref name="patience"/> ends first.</summary>
    /// <exception cref="LineException">The line is gone.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (count == 0 && !await FillAsync(patience, cancellationToken))
            return 0;
        var taken = Math.Min(count, destination.Length);
        buffer.AsMemory(start, taken).CopyTo(destination);
        start += taken;
        count -= taken;
        if (count == 0)
            reading = StartReadAsync();
        return taken;
    }

    /// <summary>Throws away what came in unasked, so that an old answer is not taken for the next one.</summary>
    public async ValueTask<int> DrainAsync(CancellationToken cancellationToken)
    {
        var drained = 0;
        while (count > 0 || (drained < ReadBytesMax * 16 && await FillAsync(TimeSpan.Zero, cancellationToken)))
        {
            drained += count;
            count = 0;
            reading = StartReadAsync();
        }

        return drained;
    }

    /// <exception cref="LineException">The line is gone or takes nothing.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        reading ??= StartReadAsync();
        if (reading.IsFaulted)
            throw Gone(reading.Exception!.InnerException);
        ThrowIfGone();
        try
        {
            Passed?.Invoke(true, bytes.Span);
            await stream.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(WriteTimeout, time, cancellationToken);
        }
        catch (Exception e) when (IsDeviceFailure(e, cancellationToken))
        {
            throw Gone(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await stream.DisposeAsync();
        }
        catch (Exception e) when (IsDeviceFailure(e, CancellationToken.None))
        {
            // Closing what is already gone: there is nothing left to release.
        }

        // The read that was under way ends with the stream; its failure is the one already known.
        _ = reading?.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async ValueTask<bool> FillAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var left = patience;
        while (true)
        {
            Turned?.Invoke();
            var slice = left < WatchInterval ? left : WatchInterval;
            var taken = await ReadSliceAsync(slice, cancellationToken);
            if (taken > 0)
            {
                start = 0;
                count = taken;
                Passed?.Invoke(false, buffer.AsSpan(0, taken));
                return true;
            }

            ThrowIfGone();
            left -= slice;
            if (left <= TimeSpan.Zero)
                return false;
        }
    }

    async ValueTask<int> ReadSliceAsync(TimeSpan slice, CancellationToken cancellationToken)
    {
        try
        {
            reading ??= StartReadAsync();
            if (!reading.IsCompleted && slice == TimeSpan.Zero)
                return 0;
            var taken = await reading.WaitAsync(slice, time, cancellationToken);
            reading = null;
            return taken > 0 ? taken : throw new EndOfStreamException("the other end has hung up.");
        }
        catch (TimeoutException) when (reading is { IsFaulted: false })
        {
            // Also when bytes have come since: the time was up first, and the next read has them.
            return 0;
        }
        catch (Exception e) when (IsDeviceFailure(e, cancellationToken))
        {
            throw Gone(e);
        }
    }

    // Never cancelled: a cancelled read may have taken bytes with it.
    async Task<int> StartReadAsync() => await stream.ReadAsync(buffer.AsMemory(), CancellationToken.None);

    void ThrowIfGone()
    {
        if (!isThere())
            throw Gone(null);
    }

    LineException Gone(Exception? cause) =>
        new(Condition.Waiting, $"{name} is gone{(cause is null ? "" : $" ({cause.GetType().Name})")}: plug it in again; it is opened by itself.", cause);

    // System.IO.Ports answers an unplugged device with an exception of almost any kind, ArgumentOutOfRange among them;
    // each of these comes from the call into the stream just above, so it says one thing: the line is gone.
    static bool IsDeviceFailure(Exception e, CancellationToken cancellationToken) => e switch
    {
        LineException => false,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        IOException or UnauthorizedAccessException or TimeoutException or ArgumentException or InvalidOperationException => true,
        _ => false,
    };
}
