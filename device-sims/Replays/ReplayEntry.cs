namespace EdgeHub.DeviceSims.Replays;

/// <summary>One line of a trace.</summary>
/// <param name="At">Since the recording began.</param>
/// <param name="IsQuestion">Whether a master sent it.</param>
public sealed record ReplayEntry(TimeSpan At, bool IsQuestion, ReadOnlyMemory<byte> Bytes);
