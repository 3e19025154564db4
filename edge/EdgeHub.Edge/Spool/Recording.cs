using EdgeHub.Edge.Spool.Media;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>What the last commit said of the medium.</summary>
sealed partial class Recording(MediaSet media, ILogger log)
{
    const int DiskFull = 28; // ENOSPC
    const int QuotaFull = 122; // EDQUOT

    public (SpoolCondition Condition, string Sentence) State { get; private set; } = (SpoolCondition.Ok, "ok");

    /// <summary>A commit is on the medium.</summary>
    public void Took()
    {
        if (State.Condition is not SpoolCondition.Ok)
            LogRecovered();
        State = (SpoolCondition.Ok, "ok");
        media.IsRefusing = false;
    }

    /// <summary>A commit is not on the medium.</summary>
    public void Refused(IOException e)
    {
        var isFull = e is QuotaException || e.HResult is DiskFull or QuotaFull;
        var before = State.Condition;
        media.IsRefusing = !isFull;
        State = isFull
            ? (SpoolCondition.Full, $"The spool is full: {e.Message.TrimEnd('.')}. Bring the uplink back so that the backlog drains, free space on the medium, or raise spool.quotaBytes.")
            : (SpoolCondition.Failed, $"The medium refuses what is recorded: {e.Message.TrimEnd('.')}. Check and replace it.");
        if (before != State.Condition)
            LogNotRecorded(e, State.Sentence);
    }

    [LoggerMessage(220, LogLevel.Information, "The spool records again.")]
    private partial void LogRecovered();

    [LoggerMessage(221, LogLevel.Error, "Nothing can be recorded just now; readings wait. {Sentence}")]
    private partial void LogNotRecorded(Exception error, string sentence);
}
