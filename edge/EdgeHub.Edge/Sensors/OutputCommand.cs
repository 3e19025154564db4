namespace EdgeHub.Edge.Sensors;

/// <summary>What an output is told.</summary>
/// <param name="Length">After so long it goes back to its safe state, sooner where its longest time is shorter; null for its longest time.</param>
public sealed record OutputCommand(bool On, TimeSpan? Length = null)
{
    readonly TaskCompletionSource<TimeSpan?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the level is on the line, with how long it will stay so; null for as long as nothing else is said.</summary>
    public Task<TimeSpan?> Done => done.Task;

    internal void Obeyed(TimeSpan? length) => done.TrySetResult(length);
}
