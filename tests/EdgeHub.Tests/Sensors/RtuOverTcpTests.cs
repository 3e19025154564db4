using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

/// <summary>The bytes of a serial line through a converter: a real socket under the real line.</summary>
public sealed class RtuOverTcpTests
{
    [Fact(Timeout = 60_000)]
    public async Task Slaves_behind_a_converter_are_read_however_their_answers_are_cut_into_packets()
    {
        var size = 0;
        using var slave = new TcpSlave(request => Answer(request).Chunk(1 + (size++ % 7)));
        await using var rig = await StartAsync(slave.Port);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= 20);
        Assert.All(rig.Take(), reading => Assert.Equal(reading.Stream == 0 ? 65.8 : 2.5, reading.Value));
        Assert.Equal([0, 1], rig.Take().Select(reading => reading.Stream).Distinct().Order());
        Assert.Equal(Condition.Ok, rig.Sensor("a").Condition);
        Assert.Equal(1, slave.Connections);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_converter_that_restarts_is_waited_for_and_comes_back_by_itself()
    {
        using var slave = new TcpSlave(request => [Answer(request)]);
        await using var rig = await StartAsync(slave.Port);
        await SamplerRig.UntilAsync(() => rig.Take().Count >= 2);
        slave.Down();
        await SamplerRig.UntilAsync(() => rig.Sensor("a").Condition == Condition.Waiting);
        var before = rig.Take().Count;
        await SamplerRig.UntilAsync(() => rig.Sensor("a").Sentence.Contains("Check the converter's address, power and network", StringComparison.Ordinal));
        slave.Up();
        await SamplerRig.UntilAsync(() => rig.Take().Count > before + 2);
        Assert.Equal(Condition.Ok, rig.Sensor("a").Condition);
        Assert.Equal(2, rig.Sampler.Ports[0].Snapshot().Openings);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_breaks_in_the_middle_of_an_answer_yields_no_reading_from_its_half()
    {
        TcpSlave? cut = null;
        var asked = 0;
        using var slave = new TcpSlave(request =>
        {
            if (++asked != 3)
                return [Answer(request)];
            cut!.Cut();
            return [];
        });
        cut = slave;
        await using var rig = await StartAsync(slave.Port);
        await SamplerRig.UntilAsync(() => slave.Connections == 2 && rig.Take().Count >= 8);
        Assert.All(rig.Take(), reading => Assert.Equal(reading.Stream == 0 ? 65.8 : 2.5, reading.Value));
    }

    static async Task<SamplerRig> StartAsync(int port)
    {
        var rig = new SamplerRig($$"""
            { "sensors": [
              { "id": "a", "driver": "modbus", "port": "tcp:127.0.0.1:{{port}}", "address": 1, "profile": "noise-meter", "interval": "50ms" },
              { "id": "b", "driver": "modbus", "port": "tcp:127.0.0.1:{{port}}", "address": 2, "profile": "noise-meter", "interval": "50ms" } ] }
            """, TimeProvider.System);
        await rig.Sampler.StartAsync(TestContext.Current.CancellationToken);
        return rig;
    }

    static byte[] Answer(byte[] request)
    {
        byte[] frame = [request[0], request[1], 2, .. request[0] == 1 ? new byte[] { 0x02, 0x92 } : [0x00, 0x19]];
        var crc = ModbusCrc.Compute(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }
}
