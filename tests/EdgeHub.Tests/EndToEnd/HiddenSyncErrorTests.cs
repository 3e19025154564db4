using System.Diagnostics;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>
/// .NET 10 on Linux returns from Flush(true) as if all were well when fsync failed. The kernel is made to fail it here, under
/// a real process: a door that went through .NET would go on promising.
/// </summary>
[Collection("whole machine")]
public sealed class HiddenSyncErrorTests
{
    const string Strace = "/usr/bin/strace";

    [Fact(Timeout = 60_000)]
    public async Task After_a_failed_sync_nothing_more_is_promised()
    {
        Assert.SkipUnless(File.Exists(Strace), "This test makes system calls fail: install the Debian package strace.");
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("edgehub-sync-").FullName;
        using var writer = Process.Start(new ProcessStartInfo(Strace, ["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=60+", Programs.Simulation, "write", directory]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = writer.StandardError.ReadToEndAsync(stop);
        var promises = (await writer.StandardOutput.ReadToEndAsync(stop)).Split('\n').Count(line => line.StartsWith("R ", StringComparison.Ordinal));
        await writer.WaitForExitAsync(stop);
        Assert.Equal(3, writer.ExitCode);
        Assert.Contains("the medium refuses", await errors, StringComparison.OrdinalIgnoreCase);
        // The first 59 syncs worked; each commit has one, the files' birth the rest.
        Assert.InRange(promises, 1, 120);
        Directory.Delete(directory, recursive: true);
    }
}
