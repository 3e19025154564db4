namespace EdgeHub.Tests.House;

public sealed class DoorsTests
{
    [Fact]
    public void No_room_opens_a_door_that_is_shut() => Assert.Empty(Doors.Violations(SourceTree.Files("*.cs")));

    [Fact]
    public void No_project_references_another_house() => Assert.Empty(Doors.ProjectViolations(SourceTree.Files("*.csproj")));

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold() => Assert.Empty(Doors.TooLong(SourceTree.Files("*.cs")));

    [Fact]
    public void No_loop_of_a_daemon_runs_unwatched() => Assert.Empty(WatchedLoops.Unwatched(SourceTree.Files("*.cs")));

    [Theory]
    [InlineData("sealed class Planted(TimeProvider time)\n    : BackgroundService\n{ }", 1)]
    [InlineData("sealed class Planted : BackgroundService { int Run() => watchdog.Register(\"planted\", limit); }", 0)]
    [InlineData("sealed class Planted { }", 0)]
    public void A_planted_unwatched_loop_is_found(string code, int found) => Assert.Equal(found, WatchedLoops.Unwatched([new SourceFile("edge/EdgeHub.Edge/Planted.cs", code)]).Count);

    [Fact]
    public void The_walk_sees_the_rooms_it_judges()
    {
        var files = SourceTree.Files("*.cs");
        Assert.Contains(files, file => file.Path.StartsWith("edge/EdgeHub.Hosting/", StringComparison.Ordinal));
        Assert.Contains(files, file => file.Path.StartsWith("device-sims/", StringComparison.Ordinal));
        Assert.True(files.Count > 50, $"{files.Count} files");
    }

    [Theory]
    [InlineData("edge/EdgeHub.Edge/Sensors/Planted.cs", "using EdgeHub.Edge.Spool;")]
    [InlineData("edge/EdgeHub.Edge/Sensors/Planted.cs", "var journal = new Spool.Journal();")]
    [InlineData("edge/EdgeHub.Edge/Sensors/Planted.cs", "using EdgeHub.Edge.Uplink;")]
    [InlineData("edge/EdgeHub.Edge/Spool/Planted.cs", "using static EdgeHub.Edge.Uplink.Forwarder;")]
    [InlineData("edge/EdgeHub.Edge/Spool/Planted.cs", "Sensors.Sampler sampler;")]
    [InlineData("edge/EdgeHub.Edge/Uplink/Planted.cs", "using EdgeHub.Edge.Sensors;")]
    [InlineData("cloud-bridge/Store/Planted.cs", "global::EdgeHub.Edge.Spool.Journal journal;")]
    [InlineData("device-sims/Doubles/Planted.cs", "using EdgeHub.Wire;")]
    [InlineData("device-sims/Demo/Planted.cs", "using EdgeHub.Hosting;")]
    [InlineData("device-sims/Fleet/Planted.cs", "using EdgeHub.Edge.Sensors;")]
    [InlineData("edge/EdgeHub.Wire/Planted.cs", "using EdgeHub.Hosting;")]
    [InlineData("edge/EdgeHub.Edge/Uplink/Planted.cs", "using LiteDB;")]
    [InlineData("edge/EdgeHub.Edge/Spool/Planted.cs", "using MQTTnet.Protocol;")]
    [InlineData("cloud-bridge/Store/Planted.cs", "using MQTTnet;")]
    [InlineData("cloud-bridge/Intake/Planted.cs", "using Npgsql;")]
    [InlineData("cloud-bridge/Store/Commits/Planted.cs", "using Npgsql;")]
    [InlineData("cloud-bridge/Store/Ledger/Planted.cs", "using Microsoft.Data.Sqlite;")]
    [InlineData("device-sims/Planted.cs", "using Microsoft.Data.Sqlite;")]
    [InlineData("edge/EdgeHub.Edge/Uplink/Planted.cs", "using System.IO.Ports;")]
    [InlineData("cloud-bridge/Store/Planted.cs", "using Prometheus;")]
    public void A_planted_violation_is_found(string path, string code) => Assert.Single(Doors.Violations([new SourceFile(path, code + "\n")]));

    [Theory]
    [InlineData("edge/EdgeHub.Edge/Uplink/Fine.cs", "using EdgeHub.Edge.Spool; using EdgeHub.Wire; using MQTTnet;")]
    [InlineData("edge/EdgeHub.Edge/Sensors/Fine.cs", "var waiting = report.Spool.Waiting; // Uplink.Forwarder sends it")]
    [InlineData("edge/EdgeHub.Edge/Composition/Fine.cs", "using EdgeHub.Edge.Sensors; using EdgeHub.Edge.Spool;")]
    [InlineData("device-sims/Fleet/Fine.cs", "using EdgeHub.Wire; using EdgeHub.Edge.Uplink;")]
    [InlineData("device-sims/Demo/Fine.cs", "var project = \"EdgeHub.Edge.csproj\";")]
    public void An_open_door_stays_open(string path, string code) => Assert.Empty(Doors.Violations([new SourceFile(path, code + "\n")]));

    [Theory]
    [InlineData("cloud-bridge/EdgeHub.CloudBridge.csproj", """<ProjectReference Include="../edge/EdgeHub.Edge/EdgeHub.Edge.csproj" />""", 1)]
    [InlineData("device-sims/EdgeHub.DeviceSims.csproj", """<ProjectReference Include="../edge/EdgeHub.Wire/EdgeHub.Wire.csproj" />""", 1)]
    [InlineData("device-sims/EdgeHub.DeviceSims.csproj", """<ProjectReference Include="../edge/EdgeHub.Edge/EdgeHub.Edge.csproj" ReferenceOutputAssembly="false" />""", 0)]
    [InlineData("edge/EdgeHub.Edge/EdgeHub.Edge.csproj", """<ProjectReference Include="../EdgeHub.Wire/EdgeHub.Wire.csproj" />""", 0)]
    public void A_planted_project_reference_is_found(string path, string text, int violations) =>
        Assert.Equal(violations, Doors.ProjectViolations([new SourceFile(path, text)]).Count);

    [Fact]
    public void A_planted_long_file_is_found()
    {
        Assert.Empty(Doors.TooLong([new SourceFile("a.cs", new string('\n', Doors.LinesMax))]));
        Assert.Single(Doors.TooLong([new SourceFile("a.cs", new string('\n', Doors.LinesMax + 1))]));
    }
}
