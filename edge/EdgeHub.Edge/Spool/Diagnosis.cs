using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Ram;

namespace EdgeHub.Edge.Spool;

/// <summary>How the spool is: what the last commit said of the medium, and what is known of records and bytes. Any thread.</summary>
sealed class Diagnosis(SpoolBook book, RamRing ring, MediaSet media, Follower? follower, Keeper keeper, Committer committer, RecordReader reader, Mourner mourner, Thinner thinner, Recording recording, Accounts accounts, RecordClock clock)
{
    public SpoolHealth Health
    {
        get
        {
            var segments = media.Used();
            var journalBytes = media.Primary.Pool.Bytes;
            var (state, sentence) = recording.State is { Condition: SpoolCondition.Ok } ? Making() : recording.State;
            var single = follower is { Lag: var lag } && lag < keeper.SingleCopyAge ? lag : keeper.SingleCopyAge;
            lock (book.Gate)
            {
                if (ring.Health is { IsInUse: true } ram)
                    (state, sentence) = state is SpoolCondition.Ok ? (SpoolCondition.Degraded, $"{ram.WaitingReadings} readings are in memory only until the journal has room for them.") : (SpoolCondition.Volatile, $"{ram} {sentence}");
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
                    reader.Repaired,
                    thinner.Thinned,
                    thinner.Dropped)
                {
                    Mirror = follower?.Health,
                    BooksDifferences = accounts.Differences,
                    Ram = ring.Health,
                };
            }
        }
    }

    // With a second medium, the state of the media says more than what packing ran into.
    string Trouble => media.Mirror is null ? keeper.Trouble : media.All.FirstOrDefault(medium => medium.Condition is not (MediumCondition.Ok or MediumCondition.Behind))?.Sentence ?? keeper.Trouble;

    // Recording goes on: what it costs.
    (SpoolCondition Condition, string Sentence) Making() => (thinner.Doing, Trouble) switch
    {
        (Leave.Thin, _) => (SpoolCondition.Thinning, $"The spool has no room for all that waits: the oldest {thinner.Thinned} readings became minutes since the start. Bring the uplink back, free space on the medium, or raise spool.quotaBytes."),
        (not null, _) => (SpoolCondition.Dropping, $"The spool has no room for all that waits: the oldest {thinner.Dropped} readings were dropped since the start, a tombstone says which. Bring the uplink back, free space on the medium, or raise spool.quotaBytes."),
        (_, { Length: > 0 } trouble) => (SpoolCondition.Degraded, trouble),
        _ when accounts.Difference is { } difference => (SpoolCondition.Degraded, difference),
        _ => recording.State,
    };

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
}
