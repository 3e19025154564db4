using EdgeHub.Benchmarks.Spooling;
using EdgeHub.Edge.Spool;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Benchmarks.Memory;

/// <summary>Records readings that nobody acks: a box of 20 streams at 1 Hz whose uplink is away, in a hurry.</summary>
static class SpoolFiller
{
    const int DistinctBlocks = 4096;

    public static int Run(string directory, int readings)
    {
        var blocks = SampleReadings.Blocks(DistinctBlocks, SampleReadings.Streams);
        using var life = new SpoolLife(directory, new SpoolOptions(), blocksPerKeep: 16, TimeProvider.System, acks: false);
        life.Run(readings / SampleReadings.Streams, i => Draft.OfReadings(SpoolClass.Normal, blocks[i % blocks.Length], SampleReadings.Clock));
        return 0;
    }
}
