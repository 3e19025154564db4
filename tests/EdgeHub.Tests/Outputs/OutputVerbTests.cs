using EdgeHub.Edge.Outputs;
using EdgeHub.Edge.Sensors;
using EdgeHub.Tests.Finding;
using EdgeHub.Tests.Sensors;

namespace EdgeHub.Tests.Outputs;

/// <summary><c>edgehub output</c> over the real local socket, on a chip in memory.</summary>
[Collection("whole machine")]
public sealed class OutputVerbTests
{
    const string Sensors = """
        { "sensors": [
          { "id": "siren", "driver": "gpio-output", "port": "gpio:0/5", "longestOn": "1s" },
          { "id": "pump", "driver": "gpio-output", "port": "gpio:0/6", "safe": true },
          { "id": "door", "driver": "gpio-input", "port": "gpio:0/17" } ] }
        """;

    readonly HeardLog<OutputDesk> log = new();

    [Fact(Timeout = 60_000)]
    public async Task An_output_is_switched_and_goes_back_after_the_time_that_was_asked_for()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = await StartAsync(driver);
        await using var daemon = Daemon(rig);
        Assert.Equal((0, "pump is off and goes back to on after 200ms.\n", ""), await daemon.CommandAsync("output", "pump", "off", "--for", "200ms"));
        Assert.Equal((6, false), driver.Written[^1]);
        await SamplerRig.UntilAsync(() => driver.Written[^1] == (6, true));
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_longest_time_holds_whatever_was_asked_for()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = await StartAsync(driver);
        await using var daemon = Daemon(rig);
        Assert.Equal((0, "siren is on and goes back to off after 1s, its longest time.\n", ""), await daemon.CommandAsync("output", "siren", "on", "--for", "1h"));
        await SamplerRig.UntilAsync(() => driver.Written[^1] == (5, false));
        var (code, said, _) = await daemon.CommandAsync("output", "siren", "on", "--json");
        Assert.Equal((0, """{"output":"siren","on":true,"backAfterSeconds":1,"sentence":"siren is on and goes back to off after 1s, its longest time."}""" + "\n"), (code, said));
        Assert.Equal((0, "siren is off.\n", ""), await daemon.CommandAsync("output", "siren", "off"));
        Assert.Equal((5, false), driver.Written[^1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_switched_it_stands_in_the_log_and_who_was_refused_too()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = await StartAsync(driver);
        await using var daemon = Daemon(rig);
        await daemon.CommandAsync("output", "siren", "on");
        await daemon.CommandAsync("output", "sirn", "on");
        var (switched, refused) = (log.Lines.First(), log.Lines.Last());
        Assert.Equal(2, log.Lines.Count);
        Assert.StartsWith("Output siren is on and goes back to off after 1s, its longest time. Asked by ", switched, StringComparison.Ordinal);
        Assert.StartsWith("Output sirn was not switched on as ", refused, StringComparison.Ordinal);
        Assert.All(log.Lines, line => Assert.Contains($"process {Environment.ProcessId})", line, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_output_is_named_with_the_nearest_and_nothing_is_switched()
    {
        using var driver = new FakeGpioDriver();
        await using var rig = await StartAsync(driver);
        await using var daemon = Daemon(rig);
        var before = driver.Written.Count;
        Assert.Equal((2, "", "There is no output sirn: did you mean siren?\n"), await daemon.CommandAsync("output", "sirn", "on"));
        Assert.Equal((2, "", "There is no output beacon-light. Outputs here: siren, pump.\n"), await daemon.CommandAsync("output", "beacon-light", "on"));
        Assert.Equal((2, "", "door is a gpio-input and cannot be switched. Outputs here: siren, pump.\n"), await daemon.CommandAsync("output", "door", "on"));
        Assert.Equal((2, "", "pump is on in its safe state and stays so: leave --for out.\n"), await daemon.CommandAsync("output", "pump", "on", "--for", "5s"));
        Assert.Equal(2, (await daemon.CommandAsync("output", "siren", "on", "--for", "25h")).Code);
        Assert.Equal(2, (await daemon.CommandAsync("output", "siren", "loud")).Code);
        Assert.Equal(before, driver.Written.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_output_whose_chip_is_away_says_so_and_is_not_switched_later()
    {
        await using var rig = new SamplerRig(Sensors, TimeProvider.System, openGpio: _ => throw new EdgeHub.Edge.Sensors.Lines.LineException(Condition.Waiting, "waiting for /dev/gpiochip0."));
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sensor("siren").Condition == Condition.Waiting);
        await using var daemon = Daemon(rig);
        Assert.Equal((1, "", "siren cannot be switched just now: waiting for /dev/gpiochip0.\n"), await daemon.CommandAsync("output", "siren", "on"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_the_daemon_nothing_is_switched_and_the_user_told_so()
    {
        using var directory = new EdgeHub.Tests.DeviceSims.ScratchDirectory();
        await File.WriteAllTextAsync(directory.File("box.json"), $$"""{ "gateway": { "id": "box" }, "dataDirectory": "{{directory.Path}}" }""", TestContext.Current.CancellationToken);
        await using var errors = new StringWriter();
        Assert.Equal(1, await new EdgeHub.Edge.Cli.EdgeCommandLine(new Dictionary<string, string>(), TimeProvider.System, TextWriter.Null, errors).RunAsync(["output", "siren", "on", "--config", directory.File("box.json")]));
        Assert.Contains("edgehub is not running", errors.ToString(), StringComparison.Ordinal);
    }

    LocalDaemon Daemon(SamplerRig rig) => new(OutputPages.Of(new OutputDesk(rig.Sampler, TimeProvider.System, log)));

    static async Task<SamplerRig> StartAsync(FakeGpioDriver driver)
    {
        var rig = new SamplerRig(Sensors, TimeProvider.System, openGpio: _ => driver);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Condition == Condition.Ok);
        return rig;
    }
}
