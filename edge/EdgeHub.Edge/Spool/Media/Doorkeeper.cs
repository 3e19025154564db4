using EdgeHub.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool.Media;

/// <summary>Lets media in: opens them, looks whose they are, and whether they take writes.</summary>
sealed class Doorkeeper(MediaSet media, Ownership ownership, ILogger log)
{

    /// <summary>At start: both media, as far as they are there.</summary>
    /// <exception cref="IOException">None is.</exception>
    public void Open()
    {
        var (primary, mirror) = (media.Primary, media.Mirror);
        if (mirror is null)
        {
            primary.Disk.Open();
            return;
        }

        MediumMark? second = null;
        var isMirror = Try(mirror, () =>
        {
            mirror.Disk.Open();
            second = MediumMark.Read(mirror.Disk);
        });
        var isPrimary = Try(primary, () =>
        {
            primary.Disk.Open();
            ownership.Settle(primary.Disk, second);
        });
        if (!isPrimary)
            ownership.Settle(null, second);
        if (isMirror)
            Try(mirror, () => ownership.Check(mirror, isMirror: true));
        media.Lead = isPrimary ? primary : mirror;
        if (!primary.Disk.IsOpen && !mirror.Disk.IsOpen)
            throw new IOException($"{primary.Sentence} {mirror.Sentence}");
    }

    /// <summary>What lies on the mirror; null when it is not there, or is none of ours to touch.</summary>
    public JournalScan? ScanMirror()
    {
        JournalScan? scan = null;
        if (media.Mirror is { Disk.IsOpen: true } mirror)
            Try(mirror, () => scan = Scan(mirror));
        return scan;
    }

    /// <summary>A medium that came back.</summary>
    public JournalScan? Reopen(Medium medium)
    {
        JournalScan? scan = null;
        Try(medium, () =>
        {
            medium.Disk.Open();
            ownership.Check(medium, medium == media.Mirror);
            scan = Scan(medium);
        });
        return scan;
    }

    JournalScan Scan(Medium medium)
    {
        try
        {
            return JournalScan.Open(medium.Disk, log);
        }
        catch (NewerFormatException e)
        {
            throw new MediumException(MediumCondition.Refused, $"A newer version wrote the {medium.Name} medium: {e.Message} Nothing on it is touched.");
        }
    }

    static bool Try(Medium medium, Action action)
    {
        try
        {
            medium.Work(action);
            return true;
        }
        catch (IOException e)
        {
            medium.Disk.Close();
            medium.Fail(e);
            return false;
        }
    }
}
