namespace EdgeHub.Tests.EndToEnd;

/// <summary>Tests that start whole fleets of processes: nothing else runs beside them, or they would measure each other.</summary>
[CollectionDefinition("whole machine", DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's own word for a group of tests.
public sealed class WholeMachineCollection;
#pragma warning restore CA1711
