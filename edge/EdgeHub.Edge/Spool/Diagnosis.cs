using EdgeHub.Edge.Spool.Media;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>How the spool is: what the last commit said of the medium, and what is known of records and bytes. Any thread.</summary>
sealed partial class Diagnosis(SpoolBook book, MediaSet media, Follower? follower, Keeper keeper, Committer committer, RecordReader reader, Mourner mourner, RecordClock clock, ILogger log)
{
    const int DiskFull = 28; // ENOSPC
    const int QuotaFull = 122; // EDQUOT

    (SpoolCondition Condition, string Sentence) medium = (SpoolCondition.Ok, "ok");

    public SpoolHealth Health
    {
        get
        {
            var segments = media.Used();
            var journalBytes = media.Primary.Pool.Bytes;
            var (state, sentence) = medium.Condition == SpoolCondition.Ok && Trouble is { Length: > 0 } trouble ? (SpoolCondition.Degraded, trouble) : medium;
            var single = follower is { Lag: var lag } && lag < keeper.SingleCopyAge ? lag : keeper.SingleCopyAge;
            lock (book.Gate)
                return new SpoolHealth(
                    state,
                    sentence,
                    Sum(spool => spool.Readings + spool.Inherited.Recorded),
                    committer.Commits,
                    Sum(spool => spool.Waiting().Aggregate(0UL, (count, range) => count + range.Count)),
                    Sum(spool => spool.WaitingReadings),
                    Sum(spool => spool.TombstonedReadings + spool.Inherited.Tombstoned),
                    OldestWaitingAge(segments),
                    journalBytes,
                    keeper.PackBytes,
                    single,
                    committer.LastSync.TotalMilliseconds,
                    mourner.DamagedRecords,
                    reader.Repaired)
                {
                    Mirror = follower?.Health,
                };
        }
    }

    // With a second medium, the state of the media says more than what packing ran into.
    string Trouble => media.All.FirstOrDefault(medium => medium.Condition is not (MediumCondition.Ok or MediumCondition.Behind) && media.Mirror is not null)?.Sentence ?? keeper.Trouble;

    /// <summary>A commit is on the medium.</summary>
    public void Recorded()
    {
        if (medium.Condition is not SpoolCondition.Ok)
            LogRecovered();
        medium = (SpoolCondition.Ok, "ok");
    }

    /// <summary>A commit is not on the medium.</summary>
    public void Refused(IOException e)
    {
        var isFull = e is QuotaException || e.HResult is DiskFull or QuotaFull;
        var before = medium.Condition;
        medium = isFull
            ? (SpoolCondition.Full, $"The spool is full: {e.Message.TrimEnd('.')}. Bring the uplink back so that the backlog drains, free space on the medium, or raise spool.quotaBytes.")
            : (SpoolCondition.Failed, $"The medium refuses what is recorded: {e.Message.TrimEnd('.')}. Check and replace it.");
        if (before != medium.Condition)
            LogNotRecorded(e, medium.Sentence);
    }

    ulong Sum(Func<SpoolState, ulong> count) => book.All.Aggregate(0UL, (sum, spool) => sum + count(spool));

    // What waits is in the journal; where damage took that copy, the age is not known.
    TimeSpan? OldestWaitingAge(IReadOnlyList<Segment> segments)
    {
        TimeSpan? oldest = null;
        foreach (var spool in book.All)
            if (spool.Waiting() is [var waiting, ..])
                foreach (var segment in segments)
                    if (segment.Runs.TryGetValue(spool.Id, out var run) && run.Numbers.Contains(waiting.First))
                    {
                        var age = clock.AgeOf(run.TimeBefore(waiting.First));
                        oldest = oldest is null || age > oldest ? age : oldest;
                        break;
                    }

        return oldest;
    }

    [LoggerMessage(220, LogLevel.Information, "The spool records again.")]
    private partial void LogRecovered();

    [LoggerMessage(221, LogLevel.Error, "Nothing can be recorded just now; readings wait. {Sentence}")]
    private partial void LogNotRecorded(Exception error, string sentence);
}
