namespace EdgeHub.Benchmarks.Replay;

/// <summary>One stored reading, as the bridge left it.</summary>
/// <param name="TimeMs">Unix time in milliseconds.</param>
readonly record struct ReplayRow(int Stream, long TimeMs, double? Value, int Quality, int Spool, long Sequence, bool Historical);
