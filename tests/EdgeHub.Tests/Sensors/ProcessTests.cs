using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Processes;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

/// <summary>Real programs: a shell, and the worked example in Python.</summary>
public sealed class ProcessTests
{
    const string Python = "/usr/bin/python3";

    [Fact(Timeout = 60_000)]
    public async Task The_worked_example_is_read()
    {
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed.");
        await using var rig = await StartAsync([Python, Path.Combine(Repository.Root, "docs/examples/load-average.py")], "load_1m", "100ms");
        await SamplerRig.UntilAsync(() => rig.Take().Count >= 3);
        Assert.All(rig.Take(), reading => Assert.True(reading is { Value: >= 0, Quality: Quality.Good }));
        Assert.Equal(Condition.Ok, rig.Sensor("s").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_dies_is_started_again_and_its_last_words_are_told()
    {
        await using var rig = await StartAsync(["/bin/sh", "-c", """echo '{"values":{"x":1}}'; echo 'no instrument found' >&2; exit 7"""]);
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == Condition.Fault);
        Assert.Contains("code 7; its last words: no instrument found", rig.Sensor("s").Sentence, StringComparison.Ordinal);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= 2);
        Assert.Equal(2, rig.Sampler.Ports[0].Snapshot().Openings);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_floods_is_slowed_and_never_stops_the_others()
    {
        await using var rig = await StartAsync(["/bin/sh", "-c", """while :; do echo '{"values":{"x":1}}'; done"""], more: """ "rateMax": "1KiB", """);
        await SamplerRig.UntilAsync(() => rig.Take().Count > 20);
        var (before, start) = (rig.Sampler.Ports[0].Snapshot().BytesRead, TimeProvider.System.GetTimestamp());
        // Unlimited it prints that much in a moment; at 1 KiB a second it takes more than two.
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().BytesRead - before > 4 * 1024);
        Assert.True(TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(1.5));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(""" "memoryMax": "64MiB", """, false)]
    [InlineData("", true)]
    public async Task A_program_that_takes_more_memory_than_it_may_ends_and_says_why(string limit, bool isRead)
    {
        // tail keeps the last line, which is 100 MB long.
        await using var rig = await StartAsync(["/bin/sh", "-c", """head -c 100000000 /dev/zero 2> /dev/null | tail -n 1 > /dev/null && echo '{"values":{"x":1}}' && exec cat; exit 9"""], more: limit);
        await SamplerRig.UntilAsync(() => rig.Take().Count > 0 || rig.Sensor("s").Condition == Condition.Fault);
        Assert.Equal(isRead ? 1 : 0, rig.Take().Count);
        if (!isRead)
            Assert.Contains("code 9; its last words: tail: memory exhausted", rig.Sensor("s").Sentence, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_that_are_no_readings_are_rejected_and_the_next_one_is_read()
    {
        await using var rig = await StartAsync(["/bin/sh", "-c", """echo hello; head -c 9000 /dev/zero; echo; echo '{"values":{"y":1}}'; echo '{"values":{"x":1e999}}'; echo '{"values":{"x":4.5},"quality":"uncertain"}'; cat"""]);
        await SamplerRig.UntilAsync(() => rig.Take().Count > 0);
        Assert.Equal([(4.5, Quality.UncertainSource)], rig.Take().Select(reading => (reading.Value, reading.Quality)));
        Assert.True(rig.Sensor("s").Counters is { CrcErrors: >= 2, Resyncs: >= 1 });
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_is_not_there_is_a_fault_that_names_it()
    {
        await using var rig = await StartAsync(["/nonexistent/driver"]);
        await SamplerRig.UntilAsync(() => rig.Sensor("s").Condition == Condition.Fault);
        Assert.StartsWith("/nonexistent/driver cannot be started", rig.Sensor("s").Sentence, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_outlives_the_daemon_by_no_more_than_two_seconds()
    {
        using var scratch = new ScratchDirectory();
        var mark = scratch.File("pid");
        await using (var rig = await StartAsync(["/bin/sh", "-c", "echo $$ > " + mark + """; echo '{"values":{"x":1}}'; trap '' TERM; while :; do sleep 0.2; done"""]))
            await SamplerRig.UntilAsync(() => rig.Take().Count > 0);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)).Trim()}"));
    }

    [Theory]
    [InlineData("""{"values":{"x":1.5}}""", true)]
    [InlineData("""{"fault":"out of paper"}""", true)]
    [InlineData("""{"values":{"x":null}}""", true)]
    [InlineData("""{"values":{"x":"1.5"}}""", false)]
    [InlineData("""{"values":{"x":1,"z":1}}""", false)]
    [InlineData("""{"values":{"x":1},"quality":"superb"}""", false)]
    [InlineData("""{"values":{}}""", false)]
    [InlineData("""[1]""", false)]
    [InlineData("""{"values":{"\ud800":1}}""", false)]
    public void A_line_is_taken_whole_or_not_at_all(string line, bool taken) =>
        Assert.Equal(taken, new ProcessFormat([new SensorQuantity("x", "1")], 4096).IsChecked(System.Text.Encoding.UTF8.GetBytes(line + "\n")));

    static async Task<SamplerRig> StartAsync(string[] command, string quantity = "x", string interval = "1s", string more = "")
    {
        var words = System.Text.Json.JsonSerializer.Serialize(command);
        var rig = new SamplerRig($$"""{ "sensors": [ { "id": "s", "driver": "process", "interval": "{{interval}}", {{more}} "command": {{words}}, "quantities": [{ "quantity": "{{quantity}}", "unit": "1" }] } ] }""", TimeProvider.System);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        return rig;
    }
}
