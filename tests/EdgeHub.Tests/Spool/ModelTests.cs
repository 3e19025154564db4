using EdgeHub.Edge.Spool;
using EdgeHub.Simulation.Disk;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Spool;

/// <summary>The spools against a plain list, through random lives: append, read, ack, un-ack, every kind of stop, and damage.</summary>
public sealed class ModelTests
{
    const int Seeds = 1000;

    [Fact]
    public void Spools_are_a_list_that_forgets_only_what_was_acked_or_tombstoned()
    {
        for (var seed = 0; seed < Seeds; seed++)
            new SpoolModel(new SimulatedDisk(), seed).Live(steps: 60);
    }

    [Fact]
    public void The_same_holds_on_a_real_medium()
    {
        for (var seed = 1000; seed < 1003; seed++)
        {
            var directory = Directory.CreateTempSubdirectory("edgehub-model-").FullName;
            using var disk = new PosixDisk(directory);
            new SpoolModel(disk, seed).Live(steps: 60);
            Directory.Delete(directory, recursive: true);
        }
    }
}
