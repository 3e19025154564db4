using EdgeHub.CloudBridge.Store.Commits;

namespace EdgeHub.CloudBridge.Store.Kept;

/// <summary>Walks the records that were set aside and tries each with today's decoder and today's database.</summary>
public static class SetAsideReplay
{
    /// <returns>How many were tried, and how many of them are stored now.</returns>
    public static async Task<(long Tried, long Stored)> RunAsync(Committer committer, int recordsMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(committer);
        long tried = 0, stored = 0, spool = 0, number = 0;
        while (true)
        {
            List<(long Spool, DeliveredRecord Record)> page;
            await using (var transaction = await committer.Store.BeginAsync(cancellationToken))
                page = await KeptTable.SetAsideAfterAsync(transaction, spool, number, recordsMax, cancellationToken);
            if (page.Count == 0)
                return (tried, stored);
            (spool, number) = (page[^1].Spool, (long)page[^1].Record.Number);
            tried += page.Count;
            var result = await committer.ReplayAsync([.. page.Select(row => row.Record)], cancellationToken);
            stored += result.Acks.Sum(ack => ack.Ack.Stored.Sum(range => (long)range.Count));
        }
    }
}
