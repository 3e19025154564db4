using EdgeHub.Edge.Spool.Media;
using EdgeHub.Wire;
using LiteDB;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Spool;

/// <summary>
/// The second copy: packs what the journal holds into LiteDB and seals it; the <see cref="Sweeper"/> then makes space. It
/// pulls from the journal, so recording waits for none of it, and rebuilding after a hard stop is the same as going on. One
/// thread at a time.
/// </summary>
sealed partial class Keeper(SpoolOptions options, SpoolBook book, MediaSet media, PackShelf shelf, RecordReader reader, Sweeper sweeper, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>Pause after LiteDB or its medium failed.</summary>
    static readonly TimeSpan PackRetry = TimeSpan.FromSeconds(5);

    readonly PackCodec codec = new();
    readonly List<StoredRecord> batch = [];
    (string Name, PackFile File)? active;
    long? unsealedSince;
    long? failedAt;

    /// <summary>Everything of ours on the medium, in bytes.</summary>
    public long Bytes => media.Primary.Pool.Bytes + PackBytes;

    public long PackBytes { get; private set; }

    /// <summary>Age of the oldest record that is in the journal alone.</summary>
    public TimeSpan SingleCopyAge => unsealedSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>What is wrong with the second copy; empty when nothing is.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Packs what has come together, seals what is due, gives back what is no longer needed.</summary>
    /// <param name="sealNow">Whether to seal without waiting for size or age: at a clean stop.</param>
    public void Keep(bool sealNow)
    {
        foreach (var file in shelf.TakeDamaged())
            PackAgain(file);
        // LiteDB lies on the first medium.
        if (!media.Primary.IsAttached && media.Mirror is not null)
            AbandonActive();
        else if (failedAt is null || sealNow || time.GetElapsedTime(failedAt.Value) >= PackRetry)
            TryPackAndSeal(sealNow);
        sweeper.Sweep(CountBytes);
    }

    public void Dispose()
    {
        try
        {
            active?.File.Dispose();
        }
        catch (Exception e) when (e is IOException or LiteException)
        {
            // It was no copy yet, and the next start makes a new one.
            LogPackFailed(e);
        }

        codec.Dispose();
    }

    long CountBytes()
    {
        PackBytes = shelf.Bytes + (active?.File.Bytes ?? 0);
        return Bytes;
    }

    // What the journal still has of a damaged file becomes a second copy anew. The rest stays with the damaged one: whatever of
    // it can be read is all there is.
    void PackAgain(SealedFile file)
    {
        var segments = media.Used();
        foreach (var (id, numbers) in file.Numbers)
        {
            var intact = shelf.IntactNumbers(id);
            lock (book.Gate)
            {
                if (book.Find(id) is not { } spool)
                    continue;
                var again = new RangeSet();
                foreach (var segment in segments)
                    if (segment.Runs.TryGetValue(id, out var run))
                        foreach (var range in run.Numbers)
                            again.AddAll(numbers.Within(range));
                foreach (var range in intact)
                    again.Remove(range);
                spool.Gone(again, intact);
                spool.Unpacked.AddAll(again);
                spool.UnpackedBytes += again.IsEmpty ? 0 : PackCodec.RawBytes;
            }
        }

        LogPackedAgain(file.Name);
    }

    void TryPackAndSeal(bool sealNow)
    {
        try
        {
            PackAndSeal(sealNow);
            failedAt = null;
            Trouble = "";
        }
        catch (Exception e) when (e is IOException or LiteException or InvalidDataException)
        {
            // The active file is no copy yet. It goes, and what it held is packed again from the journal.
            LogPackFailed(e);
            failedAt = time.GetTimestamp();
            Trouble = $"The second copy cannot be written ({e.Message.TrimEnd('.')}); records are in the journal alone. Make room or replace the medium.";
            AbandonActive();
        }
    }

    void PackAndSeal(bool sealNow)
    {
        var isDue = sealNow || SingleCopyAge >= options.PackFileAge;
        foreach (var spool in Spools())
            while (PackNext(spool, evenIfSmall: isDue))
                if (active is { } open && open.File.Bytes >= options.PackFileBytes)
                    Seal();
        if (isDue && active is not null)
            Seal();
        if (active is null && !Spools().Exists(spool => !spool.Unpacked.IsEmpty))
            unsealedSince = null;
        else
            unsealedSince ??= time.GetTimestamp();
    }

    List<SpoolState> Spools()
    {
        lock (book.Gate)
            return [.. book.All];
    }

    bool PackNext(SpoolState spool, bool evenIfSmall)
    {
        NumberRange range;
        lock (book.Gate)
        {
            if (spool.Unpacked.IsEmpty || (!evenIfSmall && spool.UnpackedBytes < PackCodec.RawBytes))
                return false;
            range = spool.Unpacked.First();
        }

        batch.Clear();
        var bytes = 0;
        reader.Read(spool, range.First, range.Last, record =>
        {
            batch.Add(record);
            return (bytes += record.Bytes.Length) < PackCodec.RawBytes;
        });
        // What cannot be read any more is not packed; when it is asked for, it is found missing.
        var done = batch.Count == 0 ? new NumberRange(range.First, range.First) : new NumberRange(range.First, batch[^1].Number);
        if (batch.Count > 0)
        {
            active ??= shelf.Create();
            active.Value.File.Add(spool, batch, codec);
        }

        lock (book.Gate)
        {
            spool.Unpacked.Remove(done);
            spool.UnpackedBytes = spool.Unpacked.IsEmpty ? 0 : Math.Max(0, spool.UnpackedBytes - bytes);
            if (batch.Count > 0)
                spool.Packed.Add(done);
        }

        return true;
    }

    void Seal()
    {
        var (name, file) = active!.Value;
        active = null;
        try
        {
            shelf.Seal(name, file, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch
        {
            active = (name, file);
            throw;
        }

        lock (book.Gate)
            foreach (var spool in book.All)
            {
                spool.Sealed.AddAll(spool.Packed);
                spool.Packed.Remove(new NumberRange(0, ulong.MaxValue));
            }

        unsealedSince = null;
        LogSealed(name);
    }

    void AbandonActive()
    {
        lock (book.Gate)
            foreach (var spool in book.All)
            {
                spool.Unpacked.AddAll(spool.Packed);
                spool.UnpackedBytes += spool.Packed.IsEmpty ? 0 : PackCodec.RawBytes;
                spool.Packed.Remove(new NumberRange(0, ulong.MaxValue));
            }

        if (active is not var (name, file))
            return;
        active = null;
        try
        {
            file.Dispose();
            shelf.Abandon(name);
        }
        catch (Exception e) when (e is IOException or LiteException)
        {
            LogPackFailed(e);
        }
    }

    [LoggerMessage(211, LogLevel.Error, "The second copy of the records cannot be kept; the journal goes on alone.")]
    private partial void LogPackFailed(Exception error);

    [LoggerMessage(214, LogLevel.Warning, "What the journal still holds of damaged LiteDB file {File} is packed again.")]
    private partial void LogPackedAgain(string file);

    [LoggerMessage(212, LogLevel.Debug, "LiteDB file {File} is sealed.")]
    private partial void LogSealed(string file);
}
