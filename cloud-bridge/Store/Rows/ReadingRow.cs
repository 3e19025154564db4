using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Rows;

/// <summary>One reading as the table has it: integers for stream and spool, so that a million cost no strings.</summary>
/// <param name="Stream">Key of the stream's row.</param>
/// <param name="Spool">Key of the spool's row.</param>
/// <param name="TimeMs">Unix time in milliseconds; never changes once the row is visible.</param>
/// <param name="Value">NaN exactly when <paramref name="Quality"/> has no value.</param>
/// <param name="Historical">Came by the backlog lane.</param>
/// <param name="Overheard">Another box asked for it: not in the default view and not on the city topics.</param>
public readonly record struct ReadingRow(int Stream, int Spool, long Sequence, long TimeMs, double Value, Quality Quality, bool Historical, bool Overheard = false);
