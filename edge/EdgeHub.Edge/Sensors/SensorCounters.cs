namespace EdgeHub.Edge.Sensors;

/// <summary>What happened to a sensor's frames since the start.</summary>
/// <param name="Frames">Checked frames.</param>
/// <param name="CrcErrors">Frames with a wrong checksum.</param>
/// <param name="Timeouts">Answers that did not come.</param>
/// <param name="Exceptions">Answers that say "I cannot".</param>
/// <param name="Resyncs">Runs of bytes skipped in search of a frame.</param>
/// <param name="Bounces">Edges of a contact that did not last.</param>
public readonly record struct SensorCounters(long Frames, long CrcErrors, long Timeouts, long Exceptions, long Resyncs, long Bounces);
