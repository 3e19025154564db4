using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Ram;

namespace EdgeHub.Edge.Spool;

/// <summary>How the spool is, at one moment.</summary>
/// <param name="Sentence">Ok, or what is wrong and what to do.</param>
/// <param name="RecordedReadings">Since the directory was born, over all starts, local ones included.</param>
/// <param name="Commits">Since this process started.</param>
/// <param name="WaitingRecords">Of every spool that the city is to get.</param>
/// <param name="TombstonedReadings">Recorded since the directory was born and gone, a tombstone standing for them, as far as
/// it is known how many they were. Not among the waiting ones.</param>
/// <param name="OldestWaitingAge">Age of the oldest record that waits, some minutes of entries coarse; null when none waits.</param>
/// <param name="JournalBytes">On the medium, free segments included.</param>
/// <param name="PackBytes">Of the LiteDB files on the medium.</param>
/// <param name="SingleCopyAge">Age of the oldest record that is in the journal alone.</param>
/// <param name="LastSyncMs">Duration of the last commit's write and flush, in milliseconds.</param>
/// <param name="DamagedRecords">Found unreadable since this process started; each has or gets a tombstone unless a copy was found.</param>
/// <param name="RepairedReads">Records that one copy had lost and the other served.</param>
/// <param name="ThinnedReadings">Since this process started; minutes and a tombstone stand for them.</param>
/// <param name="DroppedReadings">Since this process started, for want of space; a tombstone stands for them.</param>
public sealed record SpoolHealth(
    SpoolCondition Condition,
    string Sentence,
    ulong RecordedReadings,
    ulong Commits,
    ulong WaitingRecords,
    ulong WaitingReadings,
    ulong TombstonedReadings,
    TimeSpan? OldestWaitingAge,
    long JournalBytes,
    long PackBytes,
    TimeSpan SingleCopyAge,
    double LastSyncMs,
    ulong DamagedRecords,
    ulong RepairedReads,
    ulong ThinnedReadings,
    ulong DroppedReadings)
{
    /// <summary>The two media; null when there is one.</summary>
    public MirrorHealth? Mirror { get; init; }

    /// <summary>What is in memory only, in no other count here.</summary>
    public required RamHealth Ram { get; init; }

    /// <summary>Cuts since this process started at which the Recorder's count and the journal's differed.</summary>
    public int BooksDifferences { get; init; }
}
