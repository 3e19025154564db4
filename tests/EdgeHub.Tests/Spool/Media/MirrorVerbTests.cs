using EdgeHub.Edge.Cli;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Hosting;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;
using Xunit;

namespace EdgeHub.Tests.Spool.Media;

/// <summary><c>edgehub mirror</c> on two real file systems: the temporary directory's, and one in memory.</summary>
public sealed class MirrorVerbTests : IDisposable
{
    const int TimeoutMs = 30_000;

    readonly ScratchDirectory directory = new();
    readonly string stick = Path.Combine("/dev/shm", $"edgehub-mirror-{Environment.ProcessId}-{TimeProvider.System.GetTimestamp()}");

    public MirrorVerbTests() => Directory.CreateDirectory(stick);

    public void Dispose()
    {
        directory.Dispose();
        if (Directory.Exists(stick))
            Directory.Delete(stick, recursive: true);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_new_stick_is_taken_once_and_taking_it_again_changes_nothing()
    {
        Assert.SkipWhen(PosixDisk.IsSameFileSystem(directory.Path, stick), "The temporary directory lies in memory too.");
        var (code, said, complained) = await RunAsync("lane-7", stick);
        Assert.Equal((ExitCode.Ok, ""), (code, complained));
        Assert.StartsWith($"{stick} is the second medium of lane-7 now.", said, StringComparison.Ordinal);
        var mark = await File.ReadAllTextAsync(Path.Combine(stick, MediumMark.FileName), TestContext.Current.CancellationToken);
        Assert.Equal(mark, await File.ReadAllTextAsync(Path.Combine(directory.Path, "spool", MediumMark.FileName), TestContext.Current.CancellationToken));

        Assert.Equal(ExitCode.Ok, (await RunAsync("lane-7", stick)).Code);
        Assert.Equal(mark, await File.ReadAllTextAsync(Path.Combine(stick, MediumMark.FileName), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task The_stick_of_another_box_is_refused_by_name_and_not_touched()
    {
        Assert.SkipWhen(PosixDisk.IsSameFileSystem(directory.Path, stick), "The temporary directory lies in memory too.");
        using (var disk = new PosixDisk(stick))
            new MediumMark("lane-8", new SpoolId(5)).Write(disk);
        var before = await File.ReadAllBytesAsync(Path.Combine(stick, MediumMark.FileName), TestContext.Current.CancellationToken);
        var (code, _, complained) = await RunAsync("lane-7", stick);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains("belongs to gateway lane-8, this is lane-7", complained, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(stick, MediumMark.FileName), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task What_is_no_second_medium_is_named_with_the_fix()
    {
        var (none, _, said) = await RunAsync("lane-7", null);
        Assert.Equal(ExitCode.BadConfiguration, none);
        Assert.Contains("names no second medium", said, StringComparison.Ordinal);
        var (away, _, unplugged) = await RunAsync("lane-7", Path.Combine(stick, "not-mounted"));
        Assert.Equal(ExitCode.Fault, away);
        Assert.Contains("plug it in and mount it", unplugged, StringComparison.Ordinal);
        var (same, _, unmounted) = await RunAsync("lane-7", Directory.CreateDirectory(directory.File("stick")).FullName);
        Assert.Equal(ExitCode.Fault, same);
        Assert.Contains("on the same file system", unmounted, StringComparison.Ordinal);
    }

    async Task<(int Code, string Said, string Complained)> RunAsync(string gateway, string? mirror)
    {
        var second = mirror is null ? "" : $$""", "mirror": { "directory": "{{mirror}}" }""";
        await File.WriteAllTextAsync(directory.File("box.json"), $$"""{ "gateway": { "id": "{{gateway}}" }, "dataDirectory": "{{directory.Path}}", "spool": { "directory": "{{directory.File("spool")}}"{{second}} } }""");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await new EdgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, output, errors).RunAsync(["mirror", "--config", directory.File("box.json")]);
        return (code, output.ToString(), errors.ToString());
    }
}
