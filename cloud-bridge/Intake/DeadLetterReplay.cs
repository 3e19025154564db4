using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Reads dead letters once more, by the path of live intake: one that is an envelope today (an older bridge had refused its version, an operator had
/// mended what was wrong) is stored and goes from the table; the box's own copy is then answered from the ledger.
/// </summary>
public static class DeadLetterReplay
{
    const int LettersPerPage = 64;

    /// <param name="key">Only this letter; null: all.</param>
    /// <returns>How many were tried, how many of them were envelopes and are gone from the table, and how many readings that stored.</returns>
    public static async Task<(long Tried, long Taken, long Readings)> RunAsync(Committer committer, ArrivalReader reader, long? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(committer);
        ArgumentNullException.ThrowIfNull(reader);
        long tried = 0, taken = 0, readings = 0;
        var after = key - 1 ?? 0;
        while (true)
        {
            var page = await KeptLetter.ReadAsync(committer.Store, after, key is null ? LettersPerPage : 1, cancellationToken);
            foreach (var letter in page.Where(letter => key is null || letter.Key == key))
            {
                tried++;
                if (reader.Read(new Arrival(letter.Topic, letter.Payload, null)) is not { DeadLetter: null, Records.Count: > 0 } delivery)
                    continue;
                readings += (await committer.CommitAsync(delivery.Records, [], [], cancellationToken)).ReadingsStored;
                await KeptLetter.RemoveAsync(committer.Store, letter.Key, cancellationToken);
                taken++;
            }

            if (page.Count == 0 || key is not null)
                return (tried, taken, readings);
            after = page[^1].Key;
        }
    }
}
