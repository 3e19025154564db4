using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>One medium with the journal's files on it, and how it is. Any thread.</summary>
sealed partial class Medium(MediumDisk disk, SegmentPool pool, long quotaBytes, TimeProvider time, ILogger log)
{
    /// <summary>Pause after a failure before the medium is tried again; doubled with each further one.</summary>
    static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(5);
    static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(5);

    /// <summary>An operation that takes longer than this does not answer: nobody who can do without the medium waits for it.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    const int DiskFull = 28; // ENOSPC
    const int QuotaFull = 122; // EDQUOT
    const int ReadOnlyFileSystem = 30; // EROFS

    readonly Lock gate = new();
    (MediumCondition Condition, string Sentence) state = (MediumCondition.Ok, "ok");
    TimeSpan pause = RetryMin;
    long failedAt;
    long busySince;

    public MediumDisk Disk => disk;

    public SegmentPool Pool => pool;

    /// <summary>Everything of ours on the medium, in bytes at most.</summary>
    public long QuotaBytes => quotaBytes;

    public string Name => disk.Name;

    /// <summary>What lies on it is known, and the journal may write there.</summary>
    public bool IsAttached { get; private set; }

    public MediumCondition Condition => Current.Condition;

    /// <summary>Ok, or what is wrong with the medium and what to do.</summary>
    public string Sentence => Current.Sentence;

    /// <summary>Whether an operation has been on its way for so long that the medium counts as hanging.</summary>
    public bool IsStuck => Volatile.Read(ref busySince) is not 0 and var since && time.GetElapsedTime(since) >= AnswerMax;

    /// <summary>Whether it is time to try the medium again.</summary>
    public bool IsDue
    {
        get
        {
            lock (gate)
                return failedAt == 0 || time.GetElapsedTime(failedAt) >= pause;
        }
    }

    (MediumCondition Condition, string Sentence) Current
    {
        get
        {
            lock (gate)
                return IsStuck ? (MediumCondition.Failed, $"The {Name} medium does not answer. Check and replace it.") : state;
        }
    }

    /// <summary>Works on the medium on a thread that may be kept waiting.</summary>
    public void Work(Action work)
    {
        Volatile.Write(ref busySince, Math.Max(1, time.GetTimestamp()));
        try
        {
            work();
        }
        finally
        {
            Volatile.Write(ref busySince, 0);
        }
    }

    /// <summary>How often it was taken in: what was opened before the last time is not the same medium any more.</summary>
    public int Attachments { get; private set; }

    /// <summary>It is there, and all that lies on it is known.</summary>
    public void Attached()
    {
        lock (gate)
        {
            IsAttached = true;
            Attachments++;
        }
    }

    /// <summary>It works. Said only when it did something: a medium that failed must show that it takes writes again.</summary>
    public void Works(bool isBehind, string lag)
    {
        lock (gate)
            (pause, failedAt) = (RetryMin, 0);
        Set(isBehind ? (MediumCondition.Behind, $"The {Name} medium is {lag} behind and catches up.") : (MediumCondition.Ok, "ok"), null);
    }

    /// <summary>An operation failed. But for want of space, the medium is only used again once it was opened anew.</summary>
    public void Fail(IOException e)
    {
        if (e is MediumException known)
        {
            Lose(known.Condition, known.Message);
            return;
        }

        var (condition, fix) = e switch
        {
            QuotaException => (MediumCondition.Full, "Raise its quotaBytes, or bring the uplink back so that the backlog drains."),
            _ when e.HResult is DiskFull or QuotaFull => (MediumCondition.Full, "Free space on it, or take a bigger one."),
            _ when e.HResult is ReadOnlyFileSystem => (MediumCondition.ReadOnly, "The kernel mounts a damaged file system read-only: check and replace it."),
            _ => (MediumCondition.Failed, "Check and replace it."),
        };
        Lose(condition, $"The {Name} medium fails: {e.Message.TrimEnd('.')}. {fix}", e);
    }

    /// <summary>It cannot be used, and the sentence says why.</summary>
    public void Lose(MediumCondition condition, string sentence, Exception? e = null)
    {
        lock (gate)
        {
            pause = failedAt == 0 ? RetryMin : pause * 2 < RetryMax ? pause * 2 : RetryMax;
            failedAt = Math.Max(1, time.GetTimestamp());
            IsAttached &= condition == MediumCondition.Full;
        }

        Set((condition, sentence), e);
    }

    void Set((MediumCondition Condition, string Sentence) next, Exception? e)
    {
        bool isChange;
        lock (gate)
        {
            isChange = state.Condition != next.Condition;
            state = next;
        }

        if (!isChange)
            return;
        if (next.Condition == MediumCondition.Ok)
            LogWorks(Name);
        else
            LogTrouble(e, Name, next.Condition, next.Sentence);
    }

    [LoggerMessage(240, LogLevel.Information, "The {Medium} medium is in order again.")]
    private partial void LogWorks(string medium);

    [LoggerMessage(241, LogLevel.Warning, "The {Medium} medium is {Condition}. {Sentence}")]
    private partial void LogTrouble(Exception? error, string medium, MediumCondition condition, string sentence);
}
