using System.Text.RegularExpressions;

namespace EdgeHub.Tests.House;

/// <summary>What leaves the house: images and the technician's page.</summary>
public sealed partial class DeliveryTests
{
    const int TechnicianCommandsMax = 8;

    [Fact]
    public void The_Dockerfile_has_a_target_for_each_program_on_bases_that_can_be_replaced()
    {
        var stages = Stage().Matches(Read("Dockerfile")).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);
        Assert.Equal("${SDK_IMAGE}", stages["build"]);
        Assert.Equal("${RUNTIME_IMAGE}", stages["base"]);
        foreach (var (target, program) in new[] { ("edge", "edgehub.dll"), ("cloud-bridge", "edgehub-bridge.dll"), ("device-sims", "edgehub-sims.dll") })
        {
            Assert.Equal("base", stages[target]);
            Assert.Contains($"ENTRYPOINT [\"dotnet\", \"/app/{program}\"]", Read("Dockerfile"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_project_that_the_Dockerfile_builds_is_there()
    {
        var projects = Projects().Match(Read("Dockerfile")).Groups[1].Value.Split(' ');
        Assert.Equal(3, projects.Length);
        Assert.All(projects, project => Assert.Single(Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj")));
    }

    [Fact]
    public void A_technician_needs_at_most_eight_commands()
    {
        var commands = Commands().Match(Read("docs/technician.md")).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(commands.Length, 1, TechnicianCommandsMax);
        Assert.Contains("edgehub status", commands);
    }

    static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"^FROM (\S+) AS (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Stage();

    [GeneratedRegex("ARG PROJECTS=\"([^\"]+)\"")]
    private static partial Regex Projects();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
