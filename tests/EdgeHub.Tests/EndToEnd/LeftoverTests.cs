using System.Diagnostics;

namespace EdgeHub.Tests.EndToEnd;

[Collection("whole machine")]
public sealed class LeftoverTests
{
    [Fact(Timeout = 120_000)]
    public async Task When_the_demo_itself_is_killed_none_of_its_processes_stays_behind()
    {
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("edgehub-leftover-").FullName;
        using var demo = Process.Start(new ProcessStartInfo(Programs.Sims, ["demo", "--dir", directory]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await WaitAsync(() => Speaking(directory).Length >= 3, stop);
        demo.Kill();
        await demo.WaitForExitAsync(stop);
        await WaitAsync(() => Speaking(directory).Length == 0, stop);
        Directory.Delete(directory, recursive: true);
    }

    // Processes whose command line names this test's directory.
    static string[] Speaking(string directory) =>
        [.. Directory.GetDirectories("/proc").Where(path => CommandLine(path).Contains(directory, StringComparison.Ordinal)).Where(path => !CommandLine(path).Contains("\0demo\0", StringComparison.Ordinal))];

    static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It ended while we looked.
        }
    }

    static async Task WaitAsync(Func<bool> condition, CancellationToken stop)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
    }
}
