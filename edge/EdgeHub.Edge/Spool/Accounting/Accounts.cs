using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>
/// Follows what this process records, counts it by the journal, and compares that with the Recorder's word at each books. On the thread of
/// the <see cref="Keeper"/>, and of whoever asks.
/// </summary>
sealed partial class Accounts(SpoolBook book, RecordReader reader, ILogger log)
{
    readonly Lock turn = new();
    readonly Dictionary<SpoolId, Followed> followed = [];

    /// <summary>Raised for each cut at which the counts differ, on the thread that found it.</summary>
    public event Action<string>? Differs;

    /// <summary>What differed first since this process started; null when nothing did.</summary>
    public string? Difference { get; private set; }

    /// <summary>Cuts at which the counts differed since this process started.</summary>
    public int Differences { get; private set; }

    /// <summary>Counts what was recorded since the last turn.</summary>
    public void Turn()
    {
        lock (turn)
            foreach (var (spool, head) in Current())
            {
                if (!followed.TryGetValue(spool.Id, out var account))
                    followed.Add(spool.Id, account = new Followed());
                Follow(spool, account, head);
            }
    }

    /// <summary>What the journal holds of a spool that this process writes, by position of the stream; empty when that is not known.</summary>
    public IReadOnlyList<ulong> CountsOf(SpoolId spool)
    {
        lock (turn)
            return followed.TryGetValue(spool, out var account) ? [.. account.Tally.Counts.Select(one => one.Count)] : [];
    }

    List<(SpoolState Spool, ulong Head)> Current()
    {
        lock (book.Gate)
            return [.. book.Current.Values.Select(spool => (spool, spool.Head))];
    }

    void Follow(SpoolState spool, Followed account, ulong head)
    {
        while (account.Next <= head)
        {
            var before = account.Next;
            reader.Read(spool, account.Next, head, record =>
            {
                Take(spool, account, record);
                account.Next = record.Number + 1;
                return true;
            });
            if (account.Next > before)
                continue;
            // Gone meanwhile: the next books say where to go on from.
            account.Tally.Miss();
            account.Next++;
        }
    }

    void Take(SpoolState spool, Followed account, StoredRecord stored)
    {
        if (RecordCodec.TryDecode(stored.Bytes, out _) is not { } record || account.Tally.Take(record) is not { } difference)
            return;
        Differences++;
        var sentence = $"The books of {difference.Stream} differ at record {stored.Number} of spool {spool.Id}: {difference.Recorded} recorded, {difference.Journal} in the journal. Keep the data directory and report it; edgehub books shows all streams.";
        Difference ??= sentence;
        LogDiffers(sentence);
        Differs?.Invoke(sentence);
    }

    sealed class Followed
    {
        public SpoolTally Tally { get; } = new();

        public ulong Next { get; set; } = 1;
    }

    [LoggerMessage(250, LogLevel.Error, "{Sentence}")]
    private partial void LogDiffers(string sentence);
}
