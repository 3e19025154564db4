using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.PowerCuts;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Benchmarks.Spooling;

/// <summary>
/// Lives of a spool on a file system of their own, whose device counts every byte. A first life makes the files that later
/// ones recycle; from there on everything counts, from opening to the last sync after closing.
/// </summary>
sealed class SpoolBench : IDisposable
{
    /// <summary>Different readings before they repeat: more bytes than any compressor here looks back.</summary>
    const int DistinctReadings = 131_072;

    const int DiskMebibytes = 512;
    const int BlocksPerKeep = 16;
    const int SecondsPerFileSystemCommit = 5; // ext4's own default, "commit=5"

    readonly string scratch = Directory.CreateTempSubdirectory("edgehub-bench-").FullName;
    readonly LoopDisk? disk;
    int directories;

    public SpoolBench()
    {
        WhyNoDevice = LoopDisk.WhyNot();
        if (WhyNoDevice is null)
            try
            {
                disk = LoopDisk.Create(scratch, DiskMebibytes);
            }
            catch (IOException e)
            {
                WhyNoDevice = $"no loop mount here: {e.Message}";
            }
    }

    /// <summary>Why device bytes cannot be counted; null when they can.</summary>
    public string? WhyNoDevice { get; }

    string Root => disk?.MountPoint ?? scratch;

    /// <summary>Readings to released. One life unmeasured, then <paramref name="rounds"/> measured ones.</summary>
    public List<LifeFigures> Lives(int readingsPerBlock, int commits, int rounds, SpoolOptions options)
    {
        var blocks = SampleReadings.Blocks(DistinctReadings / readingsPerBlock, readingsPerBlock);
        return Lives(readingsPerBlock, commits, rounds, options, i => Draft.OfReadings(SpoolClass.Normal, blocks[i % blocks.Length], SampleReadings.Clock));
    }

    /// <summary>Blocks to released: the columns are made beforehand.</summary>
    public List<LifeFigures> LivesOfBlocks(int readingsPerBlock, int commits, int rounds, SpoolOptions options)
    {
        var encoder = new BlockEncoder();
        var blocks = SampleReadings.Blocks(DistinctReadings / readingsPerBlock, readingsPerBlock)
            .Select(readings => Draft.OfRecord(SpoolClass.Normal, new Record { Block = encoder.Encode(readings, SampleReadings.Streams, 1, 1, SampleReadings.Clock) }))
            .ToArray();
        return Lives(readingsPerBlock, commits, rounds, options, i => blocks[i % blocks.Length]);
    }

    /// <summary>The floor for the same blocks.</summary>
    public List<LifeFigures> Raw(int readingsPerBlock, int commits, int rounds)
    {
        var encoder = new BlockEncoder();
        var records = SampleReadings.Blocks(DistinctReadings / readingsPerBlock, readingsPerBlock)
            .Select(readings => new Record { Block = encoder.Encode(readings, SampleReadings.Streams, 1, 1, SampleReadings.Clock) }.ToByteArray())
            .ToArray();
        var directory = NewDirectory();
        var total = Enumerable.Range(0, commits).Sum(i => (long)records[i % records.Length].Length);
        var figures = new List<LifeFigures>();
        for (var round = 0; round < rounds; round++)
        {
            using var raw = new RawAppend(directory, total);
            figures.Add(Count((long)commits * readingsPerBlock, () =>
            {
                raw.Run(commits, i => records[i % records.Length]);
                return (ulong)commits;
            }));
        }

        return figures;
    }

    /// <summary>
    /// 20 streams once a second, a commit a second, at the pace of a simulated clock: files are sealed by age, and the file
    /// system writes back what was not synced every 5 s as it does by itself.
    /// </summary>
    public LifeFigures Hours(int hours)
    {
        var time = new SimulatedSeconds();
        var blocks = SampleReadings.Blocks(DistinctReadings / SampleReadings.Streams, SampleReadings.Streams);
        var directory = NewDirectory();
        Draft Next(int i) => Draft.OfReadings(SpoolClass.Normal, blocks[i % blocks.Length], SampleReadings.Clock);
        void EachSecond(int i)
        {
            time.Next();
            if (i % SecondsPerFileSystemCommit == 0)
                disk?.Sync();
        }

        using (var first = new SpoolLife(directory, new SpoolOptions(), 1, time))
            first.Run(600, Next);
        return Count(hours * 3600L * SampleReadings.Streams, () =>
        {
            using var life = new SpoolLife(directory, new SpoolOptions(), 1, time);
            life.Run(hours * 3600, Next, EachSecond);
            return life.Commits;
        });
    }

    public void Dispose()
    {
        disk?.Dispose();
        Directory.Delete(scratch, recursive: true);
    }

    List<LifeFigures> Lives(int readingsPerBlock, int commits, int rounds, SpoolOptions options, Func<int, Draft> draft)
    {
        var directory = NewDirectory();
        var figures = new List<LifeFigures>();
        for (var round = 0; round <= rounds; round++)
        {
            var life = Count((long)commits * readingsPerBlock, () =>
            {
                using var spool = new SpoolLife(directory, options, BlocksPerKeep, TimeProvider.System);
                spool.Run(commits, draft);
                return spool.Commits;
            });
            if (round > 0)
                figures.Add(life);
        }

        Directory.Delete(directory, recursive: true);
        return figures;
    }

    LifeFigures Count(long readings, Func<ulong> run)
    {
        disk?.Sync();
        var before = disk?.Counters();
        ulong commits = 0;
        var cpu = Measure.Cpu(() => commits = run());
        disk?.Sync();
        var after = disk?.Counters();
        return new LifeFigures(readings, commits, cpu.TotalMicroseconds, after?.Bytes - before?.Bytes, after?.Flushes - before?.Flushes);
    }

    string NewDirectory() => Directory.CreateDirectory(Path.Combine(Root, $"spool{++directories}")).FullName;
}
