using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors;

public sealed class LineTests
{
    /// <summary>Seen on an emulated box, where a thread wakes late: an instrument that sends each second lost its port each few seconds.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Bytes_that_come_in_the_moment_in_which_the_patience_ends_are_the_next_reads()
    {
        var time = new FakeTimeProvider();
        var stream = new OneReadStream();
        await using var line = new Line("line", stream, static () => true, time);
        var bytes = new byte[8];
        Task<int> ReadAsync() => line.ReadAsync(bytes, Line.WatchInterval, CancellationToken.None).AsTask();
        // From here on a read of the device is under way.
        var first = LateThread.Under(null, ReadAsync);
        time.Advance(Line.WatchInterval);
        Assert.Equal(0, await first);

        var late = new LateThread();
        var second = LateThread.Under(late, ReadAsync);
        time.Advance(Line.WatchInterval);
        stream.Give([1, 2, 3]);
        late.WakeUp();

        Assert.Equal(0, await second);
        Assert.Equal(3, await line.ReadAsync(bytes, Line.WatchInterval, CancellationToken.None));
        Assert.Equal([1, 2, 3], bytes[..3]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_read_that_times_out_in_the_device_is_a_line_that_is_gone()
    {
        var stream = new OneReadStream();
        await using var line = new Line("line", stream, static () => true, new FakeTimeProvider());
        var read = line.ReadAsync(new byte[8], Line.WatchInterval, CancellationToken.None).AsTask();
        stream.Fail(new TimeoutException("the driver gave up"));
        await Assert.ThrowsAsync<LineException>(() => read);
    }

    /// <summary>Goes on with what is awaited only when it is told to.</summary>
    sealed class LateThread : SynchronizationContext
    {
        readonly Queue<(SendOrPostCallback Step, object? State)> waiting = new();

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (waiting)
                waiting.Enqueue((d, state));
        }

        public static T Under<T>(SynchronizationContext? context, Func<T> work)
        {
            var before = Current;
            SetSynchronizationContext(context);
            try
            {
                return work();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        /// <summary>Runs everything that waits, until nothing does.</summary>
        public void WakeUp() => Under(this, () =>
        {
            while (Next() is { } next)
                next.Step(next.State);
            return 0;
        });

        (SendOrPostCallback Step, object? State)? Next()
        {
            lock (waiting)
                return waiting.TryDequeue(out var next) ? next : null;
        }
    }

    /// <summary>The first read ends as it is told, the others never.</summary>
    sealed class OneReadStream : SilentStream
    {
        readonly TaskCompletionSource<byte[]> first = new();
        bool read;

        public void Give(byte[] bytes) => first.SetResult(bytes);

        public void Fail(Exception e) => first.SetException(e);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (read)
                return await base.ReadAsync(buffer, cancellationToken);
            read = true;
            // On whatever thread ends it, as a device's driver does.
            var bytes = await first.Task.ConfigureAwait(false);
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
