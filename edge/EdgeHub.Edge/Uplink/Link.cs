using System.Threading.Channels;
using EdgeHub.Hosting.Progress;
using MQTTnet;

namespace EdgeHub.Edge.Uplink;

/// <summary>What belongs to one connection and ends with it.</summary>
sealed class Link(IMqttClient client) : IDisposable
{
    /// <summary>More messages at once than any window has; a server may allow 65,535.</summary>
    const int SlotsMax = 1024;

    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IMqttClient Client => client;

    /// <summary>One slot for each QoS 1 message that the server takes without PUBACK.</summary>
    public Channel<byte> Slots { get; } = Channel.CreateBounded<byte>(SlotsMax);

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationTokenSource Ended { get; } = new();

    public bool TakenOver { get; set; }

    /// <summary>The server let us in and takes so many at once.</summary>
    public void Open(int receiveMaximum)
    {
        for (var i = Math.Min(receiveMaximum, SlotsMax); i > 0; i--)
            Slots.Writer.TryWrite(default);
    }

    public void End() => ended.TrySetResult();

    public async Task WaitForEndAsync(LoopProgress progress, CancellationToken stop)
    {
        using (stop.UnsafeRegister(static link => ((Link)link!).End(), this))
        using (progress.Wait())
            await ended.Task;
        Cancel();
        stop.ThrowIfCancellationRequested();
    }

    // Whoever publishes learns it here and now, before the next connection begins.
    void Cancel() => Ended.Cancel();

    // Publishers may still hold the token; it has no handle that needs closing at once.
    public void Dispose() => ended.TrySetResult();
}
