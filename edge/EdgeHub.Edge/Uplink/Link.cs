using MQTTnet;

namespace EdgeHub.Edge.Uplink;

/// <summary>What belongs to one connection and ends with it.</summary>
sealed class Link(IMqttClient client) : IDisposable
{
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IMqttClient Client => client;

    /// <summary>One slot for each QoS 1 message that the server takes without PUBACK.</summary>
    public SemaphoreSlim Slots { get; set; } = new(1);

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationTokenSource Ended { get; } = new();

    public bool TakenOver { get; set; }

    public void End() => ended.TrySetResult();

    public async Task WaitForEndAsync(CancellationToken stop)
    {
        try
        {
            await ended.Task.WaitAsync(stop);
        }
        finally
        {
            await Ended.CancelAsync();
        }
    }

    // Publishers may still hold the semaphore or the token; neither has a handle that needs closing at once.
    public void Dispose() => ended.TrySetResult();
}
