using System.Diagnostics;
using EdgeHub.Hosting.Progress;
using EdgeHub.Tests.EndToEnd;

namespace EdgeHub.Tests.Hosting;

public sealed class StartCounterTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-starts-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void From_the_third_start_without_progress_the_daemon_records_only()
    {
        Assert.False(StartCounter.Count(directory.FullName).RecordOnly);
        Assert.False(StartCounter.Count(directory.FullName).RecordOnly);
        Assert.True(StartCounter.Count(directory.FullName).RecordOnly);
        Assert.True(StartCounter.Count(directory.FullName).RecordOnly);
    }

    [Fact]
    public void Progress_makes_the_next_start_the_first_again()
    {
        for (var i = 0; i < 5; i++)
            StartCounter.Count(directory.FullName);
        StartCounter.Count(directory.FullName).Progressed();
        Assert.Equal(1, StartCounter.Count(directory.FullName).Starts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-7")]
    [InlineData("garbage")]
    [InlineData("99999999999999999999")]
    public void A_damaged_count_never_stops_a_start(string text)
    {
        File.WriteAllText(Path.Combine(directory.FullName, "starts"), text);
        Assert.Equal(1, StartCounter.Count(directory.FullName).Starts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_new_data_directory_is_synced_into_the_one_above()
    {
        const string strace = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(strace), "This test listens to system calls: install the Debian package strace.");
        var trace = Path.Combine(directory.FullName, "trace");
        var start = new ProcessStartInfo(strace, ["-f", "-qq", "-y", "-o", trace, "-e", "trace=fsync", Programs.Edge, "run"]);
        start.Environment["EDGEHUB__DATA_DIRECTORY"] = Path.Combine(directory.FullName, "new", "data");
        // No spool can lie there: the daemon ends right after it counted its start.
        start.Environment["EDGEHUB__SPOOL__DIRECTORY"] = "/proc/edgehub";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var synced = await File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken);
        Assert.Contains($"<{directory.FullName}>) ", synced, StringComparison.Ordinal);
        Assert.Contains($"<{directory.FullName}/new>) ", synced, StringComparison.Ordinal);
    }
}
