using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusLineTests
{
    const string ThreeSlaves = """
        { "sensors": [
          { "id": "a", "driver": "modbus", "port": "tcp:bus:1", "address": 1, "profile": "noise-meter" },
          { "id": "b", "driver": "modbus", "port": "tcp:bus:1", "address": 2, "profile": "noise-meter" },
          { "id": "c", "driver": "modbus", "port": "tcp:bus:1", "address": 3, "profile": "noise-meter" } ] }
        """;

    readonly FakeTimeProvider time = new();

    [Fact(Timeout = 60_000)]
    public async Task A_dead_slave_backs_off_and_its_neighbours_lose_next_to_nothing()
    {
        using var bus = new ScriptedBus(request => request[0] == 2 ? null : Answer(request, 0x0292));
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(120));

        var readings = rig.Take();
        Assert.InRange(readings.Count(reading => reading.Stream == 0), 112, 121);
        Assert.InRange(readings.Count(reading => reading.Stream == 2), 112, 121);
        Assert.DoesNotContain(readings, reading => reading.Stream == 1);
        Assert.All(readings, reading => Assert.Equal(65.8, reading.Value));
        var dead = rig.Sensor("b");
        Assert.Equal(Condition.Silent, dead.Condition);
        Assert.InRange(dead.Counters.Timeouts, 5, 9);
        Assert.Equal(Condition.Ok, rig.Sensor("a").Condition);

        // Every value that was due and not read is counted: those it was asked for and those that passed while it rested.
        Assert.InRange(dead.Streams[0].Unread[UnreadReason.Timeout], 60, 121);
        var longestGap = readings.Where(reading => reading.Stream == 0).Select(reading => reading.BootTimeMs).Order().ToList();
        Assert.True(longestGap.Zip(longestGap.Skip(1), (x, y) => y - x).Max() <= 2000);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slave_that_comes_back_is_read_again()
    {
        var alive = false;
        using var bus = new ScriptedBus(request => request[0] == 2 && !Volatile.Read(ref alive) ? null : Answer(request, 1));
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(20));
        Volatile.Write(ref alive, true);
        rig.Pass(time, TimeSpan.FromSeconds(40));
        Assert.Equal(Condition.Ok, rig.Sensor("b").Condition);
        Assert.Contains(rig.Take(), reading => reading.Stream == 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bad_frames_are_counted_by_sensor_and_by_one_of_few_words()
    {
        var heard = new ConcurrentBag<(string? Sensor, string? Reason)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == SensorsMetrics.MeterName && instrument.Name == "frames_rejected")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
            heard.Add((labels.GetValueOrDefault("sensor"), labels.GetValueOrDefault("reason")));
        });
        listener.Start();
        using var bus = new ScriptedBus(request =>
        {
            var answer = Answer(request, 7);
            answer[^1] ^= 1;
            return answer;
        });
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(3));
        // Other tests of the process count too: these are among what was heard, and no label has any other word.
        Assert.Contains(("a", "checksum"), heard);
        Assert.Contains(("c", "checksum"), heard);
        Assert.All(heard, one => Assert.Contains(one.Reason, (string[])["checksum", "garbage", "unasked", "unclear"]));
        Assert.Contains("checksum, a", rig.Sampler.Ports[0].Snapshot().BadFrames.Select(frame => frame.Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_checksum_is_counted_kept_and_never_a_reading()
    {
        using var bus = new ScriptedBus(request =>
        {
            var answer = Answer(request, 7);
            answer[^1] ^= 1;
            return answer;
        });
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(3));
        Assert.Empty(rig.Take());
        Assert.Equal(Condition.Fault, rig.Sensor("a").Condition);
        Assert.True(rig.Sensor("a").Counters.CrcErrors > 0);
        Assert.True(rig.Sensor("a").Streams[0].Unread[UnreadReason.Crc] > 0);
        Assert.StartsWith("0103020007", rig.Sampler.Ports[0].Snapshot().BadFrames[0].Hex, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_exception_is_told_from_silence_and_costs_no_wait()
    {
        using var bus = new ScriptedBus(request => request[0] == 2 ? Checked([2, 0x83, 4]) : Answer(request, 7));
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(5));
        var refused = rig.Sensor("b");
        Assert.Equal(Condition.Fault, refused.Condition);
        Assert.Contains("exception 4", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(0, refused.Counters.Timeouts);
        Assert.True(refused.Streams[0].Unread[UnreadReason.Refused] >= 4);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slave_that_refuses_gaps_is_asked_value_by_value()
    {
        const string json = """{ "sensors": [ { "id": "w", "driver": "modbus", "port": "tcp:bus:1", "address": 1, "profile": "weather-station" } ] }""";
        using var bus = new ScriptedBus(request => request[5] > 2 ? Checked([1, 0x83, 2]) : Answer(request, 250));
        await using var rig = new SamplerRig(json, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(4));
        Assert.Equal(10, rig.Take().Select(reading => reading.Stream).Distinct().Count());
        Assert.Equal(Condition.Ok, rig.Sensor("w").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task Garbage_around_an_answer_does_not_cost_the_answer()
    {
        using var bus = new ScriptedBus(request => [0xFF, 0x00, 0x01, .. Answer(request, 7), 0x55]);
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(5));
        Assert.True(rig.Take().Count >= 12);
        Assert.True(rig.Sensor("a").Counters.Resyncs > 0);
        Assert.Equal(0, rig.Sensor("a").Counters.CrcErrors);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_that_hangs_up_is_opened_again_and_its_absence_is_counted()
    {
        var opened = 0;
        var buses = new[] { new ScriptedBus(request => Answer(request, 7)), new ScriptedBus(request => Answer(request, 8)) };
        await using var rig = new SamplerRig(ThreeSlaves, time, (_, _) => opened switch
        {
            < 1 => Task.FromResult(new Line("bus", buses[opened++], static () => true, time)),
            < 4 => throw new LineException(Condition.Waiting, $"waiting for the test, {opened++}."),
            _ => Task.FromResult(new Line("bus", buses[1], static () => true, time)),
        });
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(5));
        buses[0].HangUp();
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Assert.Equal(Condition.Waiting, rig.Sensor("a").Condition);
        rig.Pass(time, TimeSpan.FromSeconds(10));
        Assert.Contains(rig.Take(), reading => reading.Value == 0.8);
        Assert.Equal(Condition.Ok, rig.Sensor("a").Condition);
        Assert.True(rig.Sensor("a").Streams[0].Unread[UnreadReason.Off] >= 1);
        Assert.Equal(2, rig.Sampler.Ports[0].Snapshot().Openings);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_channel_is_counted_and_stops_nothing()
    {
        using var bus = new ScriptedBus(request => Answer(request, 7));
        await using var rig = new SamplerRig(ThreeSlaves, time, Opens(bus), capacity: 2);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(5));
        var sensors = rig.Sampler.Sensors.Select(sensor => sensor.Snapshot()).ToList();
        Assert.Equal(2, rig.Take().Count);
        Assert.Equal(sensors.Sum(sensor => sensor.Streams[0].Read) - 2, sensors.Sum(sensor => sensor.Streams[0].Unread.GetValueOrDefault(UnreadReason.Overflow)));
        Assert.True(sensors.Sum(sensor => sensor.Streams[0].Read) >= 12);
    }

    OpenLine Opens(ScriptedBus bus) => (_, _) => Task.FromResult(new Line("bus", bus, static () => true, time));

    // Every register asked for holds the same word.
    static byte[] Answer(byte[] request, ushort word)
    {
        var count = request[5];
        return Checked([request[0], request[1], (byte)(count * 2), .. Enumerable.Repeat(new[] { (byte)(word >> 8), (byte)word }, count).SelectMany(pair => pair)]);
    }

    static byte[] Checked(byte[] frame)
    {
        var crc = ModbusCrc.Compute(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }
}
