using System.Diagnostics;

namespace EdgeHub.Tests.Hosting;

public sealed class SystemdUnitTests
{
    /// <summary>systemd's own score times ten; the target is 1.5.</summary>
    const string ThresholdTimesTen = "15";

    [Theory(Timeout = 60_000)]
    [InlineData("edgehub.service")]
    [InlineData("edgehub-bridge.service")]
    public async Task The_sandbox_of_a_unit_scores_at_most_1_5(string unit)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "Scoring a unit needs systemd-analyze: apt-get install systemd.");
        var file = Path.Combine(Repository.Root, "deploy", unit);
        var (code, output) = await AnalyzeAsync("security", "--offline=true", "--threshold=" + ThresholdTimesTen, "--no-pager", file);
        Assert.True(code == 0, output);
        Assert.Contains("Overall exposure level", output, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output)> AnalyzeAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
