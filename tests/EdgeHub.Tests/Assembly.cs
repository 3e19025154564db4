[assembly: Xunit.CaptureConsole]
// Two cores: more at once would only measure each other.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
[assembly: Xunit.AssemblyFixture(typeof(EdgeHub.Tests.Servers.PostgresServer))]
