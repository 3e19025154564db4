using System.Collections.Concurrent;

namespace EdgeHub.Tests.Sensors;

/// <summary>Runs continuations on the calling thread, in order, so that a test in virtual time has one course only.</summary>
sealed class Pump : SynchronizationContext
{
    readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> queue = new();

    public override void Post(SendOrPostCallback d, object? state) => queue.Enqueue((d, state));

    /// <summary>Does the action and everything that follows from it.</summary>
    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (queue.TryDequeue(out var item))
                item.Callback(item.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
