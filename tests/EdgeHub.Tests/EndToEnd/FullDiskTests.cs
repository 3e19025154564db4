using System.Diagnostics;
using System.Text.Json;
using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.Tests.EndToEnd;

/// <summary>A medium without space under the real daemon: a state with a sentence, no loss of what was recorded, and recording goes on when space returns.</summary>
[Collection("whole machine")]
public sealed class FullDiskTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_is_a_state_and_recording_goes_on_when_there_is_space_again()
    {
        Assert.SkipUnless(Environment.UserName == "root", "This test mounts a tmpfs and needs root.");
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("edgehub-full-").FullName;
        var medium = Directory.CreateDirectory(Path.Combine(directory, "medium")).FullName;
        var sims = Directory.CreateDirectory(Path.Combine(directory, "sims")).FullName;
        await MountAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", medium);
        List<Process> programs = [];
        try
        {
            // Before the start: a running box fills its prepared segments for hours before it wants more.
            var ballast = Path.Combine(medium, "ballast");
            Directory.CreateDirectory(Path.Combine(medium, "spool"));
            await FillAsync(ballast, stop);
            var config = Path.Combine(directory, "edgehub.json");
            await File.WriteAllTextAsync(config, $$"""
                { "gateway": { "id": "full-box" }, "dataDirectory": "{{directory}}/edge", "spool": { "directory": "{{medium}}/spool", "segmentBytes": "1MiB" },
                  "sensors": [ { "id": "pms1", "driver": "pms5003", "port": "serial:{{sims}}/ttyPM0?baud=9600" } ],
                  "uplink": { "broker": "mqtt://127.0.0.1:1" }, "http": { "listen": "127.0.0.1:0" } }
                """, stop);
            programs.Add(Start(Programs.Sims, "run", "--dir", sims, "--stop-with-stdin"));
            await programs[0].StandardOutput.ReadLineAsync(stop);
            programs.Add(Start(Programs.Edge, "run", "--config", config));
            using var probe = new EdgeProbe(Path.Combine(directory, "edge", "run", "edgehub.sock"));
            var full = await WaitAsync(probe, IsFull, stop);
            Assert.Equal(0, full.Recorded);
            File.Delete(ballast);
            var freed = TimeProvider.System.GetTimestamp();
            var after = await WaitAsync(probe, view => view.Recorded > 0 && !IsFull(view), stop);

            Assert.True(TimeProvider.System.GetElapsedTime(freed) < TimeSpan.FromSeconds(15), "Recording did not go on soon after space returned.");
            // What was read while the medium was full waited in memory and is recorded now.
            Assert.True(after.Waiting >= 12);
        }
        finally
        {
            // What still runs holds the medium.
            foreach (var program in programs)
                await EndAsync(program);
            await MountAsync("umount", "-l", medium);
        }
    }

    static bool IsFull(EdgeView view) => view.State.StartsWith("The spool is full", StringComparison.Ordinal);

    static async Task FillAsync(string ballast, CancellationToken stop)
    {
        await using var file = new FileStream(ballast, FileMode.Append);
        var chunk = new byte[4096];
        try
        {
            while (true)
            {
                await file.WriteAsync(chunk, stop);
                await file.FlushAsync(stop);
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    static async Task<EdgeView> WaitAsync(EdgeProbe probe, Func<EdgeView, bool> condition, CancellationToken stop)
    {
        while (true)
        {
            if (await probe.ReadAsync() is { } view && condition(view))
                return view;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
        }
    }

    static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    static async Task EndAsync(Process program)
    {
        using (program)
        {
            program.Kill();
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    static async Task MountAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
