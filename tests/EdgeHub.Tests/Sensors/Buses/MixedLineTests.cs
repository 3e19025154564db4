using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors.Buses;

/// <summary>Two protocols with settings of their own on one real terminal: what the terminal is set to is read back when each question comes.</summary>
public sealed class MixedLineTests : IDisposable
{
    readonly string link = Path.Combine(Path.GetTempPath(), $"edgehub-test-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-mixed");

    public void Dispose() => File.Delete(link);

    [Fact(Timeout = 60_000)]
    public async Task The_line_is_set_for_each_instrument_before_it_is_asked()
    {
        using var pty = new Pty(link);
        var heard = new List<(bool IsMeter, int Baud)>();
        var answering = Task.Run(() =>
        {
            while (pty.Receive() is { Length: > 0 } question)
            {
                var isMeter = question[0] == 0xFE;
                lock (heard)
                    heard.Add((isMeter, pty.Baud()));
                pty.Send(isMeter ? Convert.FromHexString("6803201222206568910833333433AB896745F216") : Convert.FromHexString("01030202923889"));
            }
        }, TestContext.Current.CancellationToken);
        await using (var rig = new SamplerRig($$"""
            { "sensors": [
              { "id": "noise", "driver": "modbus", "port": "serial:{{link}}?baud=9600", "address": 1, "profile": "noise-meter", "interval": "300ms" },
              { "id": "meter", "driver": "dlt645", "port": "serial:{{link}}?parity=none", "address": "652022122003", "meter": "energy", "interval": "600ms" } ] }
            """, TimeProvider.System))
        {
            await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
            await SamplerRig.UntilAsync(() => rig.Take().Count(reading => reading.Stream == 1) >= 5);
            Assert.All(rig.Take(), reading => Assert.Equal(reading.Stream == 0 ? 65.8 : 123456.78, reading.Value));
            Assert.Equal(Condition.Ok, rig.Sensor("noise").Condition);
            Assert.Equal(Condition.Ok, rig.Sensor("meter").Condition);
        }

        pty.Unplug();
        await answering;
        Assert.All(heard, question => Assert.Equal(question.IsMeter ? 2400 : 9600, question.Baud));
        Assert.Contains(heard, question => question.IsMeter);
        Assert.Contains(heard, question => !question.IsMeter);
    }

    // No pseudo terminal has parity, as some adapters have none: a real refusal by the kernel.
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instrument_whose_settings_the_port_refuses_is_at_fault_alone(bool first)
    {
        using var pty = new Pty(link);
        var answering = Task.Run(() =>
        {
            while (pty.Receive() is { Length: > 0 })
                pty.Send(Convert.FromHexString("01030202923889"));
        }, TestContext.Current.CancellationToken);
        var noise = $$"""{ "id": "noise", "driver": "modbus", "port": "serial:{{link}}?baud=9600", "address": 1, "profile": "noise-meter", "interval": "300ms" }""";
        var meter = $$"""{ "id": "meter", "driver": "dlt645", "port": "serial:{{link}}?parity=even", "address": "652022122003", "meter": "energy", "interval": "600ms" }""";
        await using (var rig = new SamplerRig($$"""{ "sensors": [ {{(first ? $"{meter}, {noise}" : $"{noise}, {meter}")}} ] }""", TimeProvider.System))
        {
            await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
            await SamplerRig.UntilAsync(() => rig.Sensor("meter").Sentence.Contains("refuses 2400 baud, parity even", StringComparison.Ordinal));
            var before = rig.Take().Count;
            await SamplerRig.UntilAsync(() => rig.Take().Count >= before + 10);
            Assert.Equal(Condition.Ok, rig.Sensor("noise").Condition);
            Assert.Equal(Condition.Fault, rig.Sensor("meter").Condition);
            Assert.All(rig.Take(), reading => Assert.Equal(65.8, reading.Value));
        }

        pty.Unplug();
        await answering;
    }

    // Opening a port does not fail for parity that it lacks: a simulated meter is read with the settings that meters have.
    [Fact(Timeout = 60_000)]
    public async Task A_meter_alone_on_a_terminal_is_read_with_its_own_settings()
    {
        using var pty = new Pty(link);
        var answering = Task.Run(() =>
        {
            while (pty.Receive() is { Length: > 0 })
                pty.Send(Convert.FromHexString("6803201222206568910833333433AB896745F216"));
        }, TestContext.Current.CancellationToken);
        await using (var rig = new SamplerRig($$"""{ "sensors": [ { "id": "meter", "driver": "dlt645", "port": "serial:{{link}}", "address": "652022122003", "meter": "energy", "interval": "600ms" } ] }""", TimeProvider.System))
        {
            await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
            await SamplerRig.UntilAsync(() => rig.Take().Count >= 3);
            Assert.Equal(Condition.Ok, rig.Sensor("meter").Condition);
        }

        pty.Unplug();
        await answering;
    }

    [Fact]
    public void Instruments_of_one_driver_must_agree_and_those_of_another_need_not()
    {
        var sensors = SamplerRig.Options("""
            { "sensors": [
              { "id": "noise", "driver": "modbus", "port": "serial:/dev/ttyS0?baud=4800", "address": 1, "profile": "noise-meter" },
              { "id": "meter", "driver": "dlt645", "port": "serial:/dev/ttyS0", "address": "652022122003" },
              { "id": "water", "driver": "cjt188", "port": "serial:/dev/ttyS0?parity=none", "address": "78330011223344" } ] }
            """).Sensors;
        Assert.Equal([4800, 2400, 2400], sensors.Select(sensor => ((EdgeHub.Edge.Sensors.Lines.SerialPortUri)sensor.Port).Baud));
        Assert.Equal([System.IO.Ports.Parity.None, System.IO.Ports.Parity.Even, System.IO.Ports.Parity.None], sensors.Select(sensor => ((EdgeHub.Edge.Sensors.Lines.SerialPortUri)sensor.Port).Parity));
    }
}
