using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

/// <summary>Real pseudo terminals under the real System.IO.Ports.</summary>
public sealed class SerialLineTests : IDisposable
{
    const uint Dialout = 20;

    static readonly byte[] Frame = Convert.FromHexString("424D001C0008000C000E0008000C000E05DC01AE0050000A0004000297000376");

    readonly string link = Path.Combine(Path.GetTempPath(), $"edgehub-test-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-tty");

    public void Dispose() => File.Delete(link);

    [Fact(Timeout = 60_000)]
    public async Task A_frame_becomes_twelve_readings_and_garbage_none()
    {
        using var pty = new Pty(link);
        await using var rig = await StartAsync();
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Condition == Condition.Ok);
        pty.Send([0x00, 0xFF, 0x42, 0x0D, 0x0A, 0x13, 0x11]);
        pty.Send(Frame);
        await SamplerRig.UntilAsync(() => rig.Take().Count == 12);
        Assert.Equal([8, 12, 14, 1500, 430, 80, 10, 4, 2, 8, 12, 14], rig.Take().Select(reading => reading.Value));
        Assert.All(rig.Take(), reading => Assert.Equal(Quality.UncertainWarmUp, reading.Quality));
        Assert.Equal(Condition.WarmingUp, rig.Sensor("pm").Condition);
        Assert.Equal(1, rig.Sensor("pm").Counters.Resyncs);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_unplugged_port_waits_and_comes_back_by_itself()
    {
        using var pty = new Pty(link);
        await using var rig = await StartAsync();
        for (var round = 1; round <= 3; round++)
        {
            await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot() is { Condition: Condition.Ok });
            pty.Send(Frame);
            await SamplerRig.UntilAsync(() => rig.Take().Count == 12 * round);
            pty.Unplug();
            await SamplerRig.UntilAsync(() => rig.Sensor("pm").Condition == Condition.Waiting);
            Assert.Contains(link, rig.Sensor("pm").Sentence, StringComparison.Ordinal);
            pty.Plug();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_port_is_a_state_that_names_it()
    {
        await using var rig = await StartAsync();
        await SamplerRig.UntilAsync(() => rig.Sensor("pm").Condition == Condition.Waiting);
        Assert.StartsWith($"waiting for {link}", rig.Sensor("pm").Sentence, StringComparison.Ordinal);
        using var pty = new Pty(link);
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Condition == Condition.Ok);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_that_moves_to_another_device_is_followed()
    {
        using var old = new Pty(link);
        await using var rig = await StartAsync();
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Condition == Condition.Ok);
        using var next = new Pty(link);
        await SamplerRig.UntilAsync(() => rig.Sampler.Ports[0].Snapshot().Openings == 2);
        next.Send(Frame);
        await SamplerRig.UntilAsync(() => rig.Take().Count == 12);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_polled_line_survives_being_unplugged_while_it_asks()
    {
        using var pty = new Pty(link);
        await using var rig = new SamplerRig($$"""{ "sensors": [ { "id": "n", "driver": "modbus", "port": "serial:{{link}}", "address": 1, "profile": "noise-meter", "interval": "50ms" } ] }""", TimeProvider.System);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        for (var round = 1; round <= 3; round++)
        {
            Assert.Equal("010300000001840A", Convert.ToHexString(pty.Receive()));
            pty.Send(Convert.FromHexString("01030202923889"));
            await SamplerRig.UntilAsync(() => rig.Take().Count >= round);
            pty.Unplug();
            await SamplerRig.UntilAsync(() => rig.Sensor("n").Condition == Condition.Waiting);
            pty.Plug();
        }

        Assert.All(rig.Take(), reading => Assert.Equal(65.8, reading.Value));
    }

    [Fact]
    public void A_denied_port_names_the_group_to_join()
    {
        var device = new DeviceNode(1, 1, 1, Dialout, 0x21B0); // crw-rw----
        var denied = SerialFault.Explain("/dev/ttyUSB0", device, 13, null);
        Assert.Equal(Condition.Denied, denied.Condition);
        Assert.Contains("usermod -aG dialout", denied.Message, StringComparison.Ordinal);
        Assert.Contains("another program", SerialFault.Explain("/dev/ttyUSB0", device, 16, null).Message, StringComparison.Ordinal);
        Assert.Equal(Condition.Waiting, SerialFault.Explain("/dev/ttyUSB0", null, 13, null).Condition);

        // As System.IO.Ports throws it: the errno is in the exception within.
        Assert.Equal(13, SerialFault.Errno(new UnauthorizedAccessException("denied", new IOException("Permission denied", 13))));
    }

    [Theory]
    [InlineData(0, 0x21B0)] // crw-rw---- root
    [InlineData(Dialout, 0x2180)] // crw------- dialout
    public void A_device_of_root_or_closed_to_its_group_is_mended_by_a_rule_of_udev_and_nobody_joins_root(uint group, int mode)
    {
        foreach (var usual in new[] { "dialout", "gpio", "i2c" })
        {
            var fix = PortAccess.Fix("/dev/ttyXR0", new DeviceNode(1, 1, 1, group, (ushort)mode), usual);
            Assert.DoesNotContain("usermod", fix, StringComparison.Ordinal);
            Assert.Contains($"KERNEL==\"ttyXR0\", GROUP=\"{usual}\", MODE=\"0660\"", fix, StringComparison.Ordinal);
            Assert.Contains("/etc/udev/rules.d/", fix, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_that_this_program_has_not_closed_yet_is_waited_for_and_nobody_is_sent_to_stop_it()
    {
        using var pty = new Pty(link);
        using var closing = PortLock.Take(link);
        var held = await Assert.ThrowsAsync<LineException>(() => new LineOpener(TimeProvider.System).OpenAsync(PortUri.TryParse($"serial:{link}", out _, out _)!, TestContext.Current.CancellationToken));
        Assert.Equal(Condition.Waiting, held.Condition);
        Assert.Contains("the last close has not ended", held.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("process", held.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_without_a_name_is_its_number()
    {
        string[] lines = ["root:x:0:", "dialout:x:20:mei"];
        Assert.Equal("dialout", DeviceNode.GroupName(lines, 20));
        Assert.Equal("4242", DeviceNode.GroupName(lines, 4242));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_serial_port_is_a_fault_and_not_a_loop()
    {
        var fault = await Assert.ThrowsAsync<LineException>(() => new LineOpener(TimeProvider.System).OpenAsync(PortUri.TryParse("serial:/dev/null", out _, out _)!, TestContext.Current.CancellationToken));
        Assert.Equal(Condition.Fault, fault.Condition);
    }

    async Task<SamplerRig> StartAsync()
    {
        var rig = new SamplerRig($$"""{ "sensors": [ { "id": "pm", "driver": "pms5003", "port": "serial:{{link}}" } ] }""", TimeProvider.System);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        return rig;
    }
}
