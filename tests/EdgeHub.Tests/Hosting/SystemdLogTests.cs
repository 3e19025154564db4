using System.Diagnostics;
using EdgeHub.Tests.DeviceSims;

namespace EdgeHub.Tests.Hosting;

public sealed class SystemdLogTests : IDisposable
{
    readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("$$", "<6>")]
    [InlineData("1", "20")]
    public async Task Under_a_service_manager_that_it_cannot_see_each_line_has_its_priority(string started, string begin)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"SYSTEMD_EXEC_PID={started} exec \"$0\" run", Path.Combine(AppContext.BaseDirectory, "edgehub")]) { RedirectStandardOutput = true, WorkingDirectory = scratch.File("") };
        start.Environment["STATE_DIRECTORY"] = start.Environment["RUNTIME_DIRECTORY"] = scratch.File("");
        start.Environment["EDGEHUB__HTTP__LISTEN"] = "127.0.0.1:0";
        using var daemon = Process.Start(start)!;
        try
        {
            Assert.StartsWith(begin, await daemon.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
