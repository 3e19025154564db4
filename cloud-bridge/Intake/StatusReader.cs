using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>What a box's status tells the city: what the store has lost of it, that its medium went back in time, and that a boot without a clock is over.</summary>
sealed partial class StatusReader(Committer committer, ILogger logger)
{
    readonly ImageDetector images = new();

    /// <returns>Acks that ask for what is missing.</returns>
    public async Task<IReadOnlyList<GatewayAck>> TakeAsync(GatewayStatus status, CancellationToken cancellationToken)
    {
        var restored = new List<StoreEvent>();
        var answers = await MissingQuery.FindAsync(committer.Store, status, cancellationToken, (spool, head, behindMs) => restored.AddRange(images.Note(status, spool, head, behindMs) is { } found ? [found] : []));
        if (restored.Count > 0)
            await committer.CommitAsync([], [], restored, cancellationToken);
        foreach (var found in restored)
            SayRestored(found);
        foreach (var answer in answers)
        {
            IntakeMetrics.MissingRanges.Add(answer.Ack.Missing.Sum(range => (long)range.Count));
            LogMissing(answer.Gateway, answer.Ack.Spool.ToString(), string.Join(",", answer.Ack.Missing));
        }

        foreach (var bounded in await committer.BoundAsync(status, cancellationToken))
            LogBounded(bounded.Text);
        return answers;
    }

    public void SayRestored(StoreEvent found)
    {
        IntakeMetrics.RestoredImages.Add(1);
        LogRestored(found.Text);
    }

    [LoggerMessage(EventId = 405, Level = LogLevel.Warning, Message = "{What}")]
    partial void LogBounded(string what);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "{Gateway} calls records {Missing} of spool {Spool} acked and the store does not have them; asked for them again.")]
    partial void LogMissing(string gateway, string spool, string missing);

    [LoggerMessage(EventId = 406, Level = LogLevel.Error, Message = "{What}")]
    partial void LogRestored(string what);
}
