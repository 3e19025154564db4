using EdgeHub.CloudBridge.Store.Kept;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Tells in the log what was kept as a dead letter: one line for all of a while, so that whoever floods the broker does not flood the log.</summary>
sealed partial class DeadLetterLog(TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    long untold;
    long? toldAt;

    public void Note(IReadOnlyList<DeadLetter> letters)
    {
        untold += letters.Count;
        if (letters.Count == 0 || (toldAt is { } before && time.GetElapsedTime(before) < Pause))
            return;
        toldAt = time.GetTimestamp();
        LogLetters(untold, letters[^1].Topic, letters[^1].Reason.TrimEnd('.'));
        untold = 0;
    }

    [LoggerMessage(EventId = 407, Level = LogLevel.Warning, Message = "{Count} messages are none of ours and are kept with their bytes in the table dead_letter, the last of {Topic}: {Reason}.")]
    partial void LogLetters(long count, string topic, string reason);
}
