using EdgeHub.Edge.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeHub.Benchmarks.Spooling;

/// <summary>
/// The whole life of readings on a box, in this process and on a real disk: record, pack into LiteDB, read, ack, release.
/// The acks come as the city sends them: some blocks behind the head, several at once.
/// </summary>
sealed class SpoolLife : IDisposable
{
    /// <summary>Blocks on their way to the city.</summary>
    const ulong Depth = 200;

    const ulong BlocksPerAck = 10;
    const int ReadBytesMax = 1 << 20;

    readonly PosixDisk disk;
    readonly Spools spools;
    readonly TimeProvider time;
    readonly int blocksPerKeep;
    readonly bool acks;
    SpoolId spool;
    ulong head;
    ulong acked;
    ulong random = 1;

    public SpoolLife(string directory, SpoolOptions options, int blocksPerKeep, TimeProvider time, bool acks = true)
    {
        (this.time, this.blocksPerKeep, this.acks) = (time, blocksPerKeep, acks);
        disk = new PosixDisk(directory);
        spools = Spools.Open(options, disk, SampleReadings.Catalog(), "bench", time, NextId, NullLogger<Spools>.Instance);
        spools.Recorded += notice => (spool, head, acked) = (notice.Spool, notice.Numbers.Last, notice.Spool == spool ? acked : 0);
    }

    public ulong Commits => spools.Health.Commits;

    public ulong Released { get; private set; }

    /// <summary>One commit for each draft; what is old enough is acked.</summary>
    /// <param name="each">Called after each commit, with its number from 0.</param>
    public void Run(int commits, Func<int, Draft> draft, Action<int>? each = null)
    {
        for (var i = 0; i < commits; i++)
        {
            if (!spools.Append([draft(i)]))
                throw new IOException($"The spool did not take a block: {spools.Health.Sentence}");
            if (acks && head >= acked + Depth + BlocksPerAck)
                Ack(acked + BlocksPerAck);
            if (i % blocksPerKeep == blocksPerKeep - 1)
                spools.Keep();
            each?.Invoke(i);
        }
    }

    /// <summary>Everything acked, noted, sealed and synced.</summary>
    public void Dispose()
    {
        if (acks)
            Ack(head);
        spools.Dispose();
        disk.Dispose();
    }

    void Ack(ulong through)
    {
        var range = new NumberRange(acked + 1, through);
        if (range.First > range.Last)
            return;
        var hashes = new List<RecordHash>();
        for (var next = range.First; next <= range.Last;)
        {
            var run = spools.Read(spool, next, range.Last, (int)BlocksPerAck, ReadBytesMax) ?? throw new IOException($"Record {next} cannot be read back.");
            foreach (var record in run.Records)
                hashes.Add(RecordHash.Of(record.Span));
            next = run.Last + 1;
        }

        var result = spools.Release(spool, [range], [], RecordHash.DigestOf(hashes));
        if (!result.IsReleased)
            throw new InvalidOperationException($"An ack did not release: {result.Outcome}.");
        Released += range.Count;
        acked = through;
    }

    // Ids need to differ, not to be secret: the start time and a counter.
    UInt128 NextId() => new((ulong)time.GetTimestamp(), random++ * 0x9E3779B97F4A7C15);
}
