using EdgeHub.Hosting.Progress;

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
}
