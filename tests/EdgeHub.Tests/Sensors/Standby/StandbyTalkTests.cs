using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Standby;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.Standby;

/// <summary>One box of a pair under virtual time; the other one is played by the test.</summary>
public sealed class StandbyTalkTests
{
    static readonly ModbusRequest[] Questions = [.. new byte[] { 1, 2 }.Select(slave => RequestPlan.Build(ProfileLibrary.BuiltIn().Find("noise-meter")!, slave)[0].Request)];

    readonly FakeTimeProvider time = new();
    readonly List<(TimeSpan At, byte[] Bytes)> asked = [];
    readonly List<string> events = [];
    readonly DateTimeOffset begun;
    Func<byte[], byte[]?> slaves = request => Answer(request, 0x0292);

    public StandbyTalkTests() => begun = time.GetUtcNow();

    [Fact(Timeout = 60_000)]
    public async Task What_another_box_asks_is_recorded_as_overheard_and_nothing_is_asked()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        for (var second = 0; second < 20; second++)
            Foreign(rig, bus);
        Assert.Empty(asked);
        var readings = rig.Take();
        Assert.All(readings, reading => Assert.Equal((65.8, Quality.Good, Origin.Overheard), (reading.Value, reading.Quality, reading.Origin)));
        Assert.Equal((20, 20), (readings.Count(reading => reading.Stream == 0), readings.Count(reading => reading.Stream == 1)));
        Assert.Equal(Condition.Ok, rig.Sensor("b").Condition);
        Assert.Empty(rig.Sensor("a").Streams[0].Unread);
        Assert.Equal(StandbyState.Listening, rig.Sampler.Ports[0].Shared!.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_nobody_asks_it_takes_over_within_the_silence_and_steps_down_at_the_first_foreign_question()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        for (var second = 0; second < 5; second++)
            Foreign(rig, bus);
        var silentAt = Now;
        rig.Pass(time, TimeSpan.FromSeconds(10));
        Assert.InRange(asked[0].At - silentAt, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(3));
        Assert.Equal(StandbyState.Active, rig.Sampler.Ports[0].Shared!.State);
        Assert.InRange(rig.Take().Count(reading => reading is { Stream: 0, Origin: Origin.Active }), 7, 10);
        // What fell due in the silence was read by nobody, and is in the books.
        Assert.InRange(rig.Sensor("a").Streams[0].Unread[UnreadReason.Listening], 1, 3);

        var before = asked.Count;
        // In two pieces, as an adapter may hand it over.
        var question = ModbusFrames.Request(Questions[1]);
        bus.Send(question[..5]);
        rig.Pass(time, TimeSpan.FromMilliseconds(15));
        bus.Send(question[5..]);
        rig.Pass(time, TimeSpan.FromMilliseconds(15));
        bus.Send(Answer(question, 0x0292)!);
        Assert.InRange(asked.Count, before, before + 1);
        before = asked.Count;
        rig.Pass(time, TimeSpan.FromSeconds(1.5));
        Assert.Equal(before, asked.Count);
        Assert.Equal(StandbyState.Listening, rig.Sampler.Ports[0].Shared!.State);
        Assert.Equal([SensorDesk.TakeOverEvent, SensorDesk.StepDownEvent], events);

        rig.Pass(time, TimeSpan.FromSeconds(3));
        Assert.True(asked.Count > before);
        Assert.Equal(SensorDesk.TakeOverEvent, events[^1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_adapter_that_hands_back_what_is_sent_is_not_taken_for_another_box()
    {
        slaves = request => [.. request, .. Answer(request, 0x0292)!];
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(30));
        Assert.Equal([SensorDesk.TakeOverEvent], events);
        Assert.InRange(rig.Take().Count(reading => reading.Stream == 0), 25, 30);
        rig.Pass(time, TimeSpan.FromMilliseconds(300));
        bus.Send(ModbusFrames.Request(Questions[0]));
        rig.Pass(time, TimeSpan.FromSeconds(1));
        Assert.Equal(SensorDesk.StepDownEvent, events[^1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_question_like_its_own_is_foreign_on_an_adapter_that_hands_nothing_back()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(5));
        // The first thing heard after each question of its own from here on is the same question, by another box.
        slaves = request => request;
        rig.Pass(time, TimeSpan.FromSeconds(1.1));
        Assert.Equal([SensorDesk.TakeOverEvent, SensorDesk.StepDownEvent], events);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_on_which_nobody_answers_is_asked_often_enough_for_the_other_box_to_hear()
    {
        slaves = static _ => null;
        using var bus = Bus();
        await using var rig = Rig(bus, "30s");
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(200));
        var gaps = asked.Zip(asked.Skip(1), (one, next) => next.At - one.At).ToList();
        Assert.True(gaps.Max() <= TimeSpan.FromSeconds(11), $"{gaps.Max()} between two questions");
        Assert.Equal(Condition.Silent, rig.Sensor("a").Condition);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_box_whose_port_is_gone_does_not_call_itself_active()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(4));
        Assert.Equal(StandbyState.Active, rig.Sampler.Ports[0].Shared!.State);
        bus.HangUp();
        rig.Pass(time, TimeSpan.FromMilliseconds(200));
        Assert.Equal(StandbyState.Listening, rig.Sampler.Ports[0].Shared!.State);
        Assert.Contains("not open", rig.Sampler.Ports[0].Shared!.Sentence, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Noise_holds_up_neither_the_take_over_nor_the_asking()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        for (var i = 0; i < 30; i++)
        {
            bus.Send([0xF0, 0x0F, 0x33]);
            rig.Pass(time, TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal([SensorDesk.TakeOverEvent], events);
        Assert.InRange(rig.Take().Count(reading => reading.Stream == 0), 3, 6);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slave_that_answers_no_question_of_the_other_box_is_called_silent()
    {
        using var bus = Bus();
        await using var rig = Rig(bus);
        rig.Begin();
        for (var second = 0; second < 6; second++)
        {
            bus.Send(ModbusFrames.Request(Questions[0]));
            rig.Pass(time, TimeSpan.FromMilliseconds(500));
            bus.Send(ModbusFrames.Request(Questions[1]));
            rig.Pass(time, TimeSpan.FromMilliseconds(20));
            bus.Send(Answer(ModbusFrames.Request(Questions[1]), 7)!);
            rig.Pass(time, TimeSpan.FromMilliseconds(480));
        }

        Assert.Equal((Condition.Silent, Condition.Ok), (rig.Sensor("a").Condition, rig.Sensor("b").Condition));
    }

    [Theory]
    [InlineData("""{ "port": "/dev/ttyS0", "role": "preferred", "silence": "2s" }""", "standby[0].silence = 2s", "Write at least 3s")]
    [InlineData("""{ "port": "/dev/ttyS0" }""", "standby[0].role", "Write preferred in one box and standby in the other")]
    [InlineData("""{ "port": "/dev/ttyS9", "role": "standby" }""", "standby[0].port = /dev/ttyS9", "no sensor is on this line")]
    [InlineData("""{ "port": "tcp:10.0.0.7:502", "role": "standby" }""", "standby[0].port = tcp:10.0.0.7:502", "only a serial line")]
    [InlineData("""{ "port": "/dev/ttyS1", "role": "standby" }""", "standby[0].port = /dev/ttyS1", "the sensor m on this line speaks no Modbus")]
    [InlineData("""{ "port": "/dev/ttyS0", "role": "standby" }, { "port": "serial:/dev/ttyS0", "role": "standby" }""", "standby[1].port", "stands twice")]
    [InlineData("""{ "port": "/dev/ttyS0", "role": "standby", "silense": "20s" }""", "standby[0].silense", "silence")]
    public void What_is_wrong_with_a_shared_line_is_named_with_key_and_fix(string standby, string key, string says)
    {
        var error = Assert.Single(SensorsOptionsTests.Errors($$"""
            { "standby": [ {{standby}} ], "sensors": [
              { "id": "a", "driver": "modbus", "port": "serial:/dev/ttyS0", "address": 1, "profile": "noise-meter" },
              { "id": "m", "driver": "dlt645", "port": "serial:/dev/ttyS1", "address": "652022122003", "meter": "energy" } ] }
            """));
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_silence_is_ten_seconds_or_three_times_the_shortest_interval()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), Line("1s").Silence);
        Assert.Equal(TimeSpan.FromSeconds(60), Line("20s").Silence);
    }

    static StandbyOptions Line(string interval) => SamplerRig.Options($$"""
        { "standby": [ { "port": "/dev/ttyS0", "role": "standby" } ],
          "sensors": [ { "id": "a", "driver": "modbus", "port": "serial:/dev/ttyS0?baud=9600", "address": 1, "profile": "noise-meter", "interval": "{{interval}}" } ] }
        """).Standby.Single();

    TimeSpan Now => time.GetUtcNow() - begun;

    // One second of the other box: it asks both slaves, and they answer.
    void Foreign(SamplerRig rig, ScriptedBus bus)
    {
        foreach (var question in Questions.Select(ModbusFrames.Request))
        {
            bus.Send(question);
            rig.Pass(time, TimeSpan.FromMilliseconds(30));
            bus.Send(Answer(question, 0x0292)!);
            rig.Pass(time, TimeSpan.FromMilliseconds(470));
        }
    }

    ScriptedBus Bus() => new(request =>
    {
        asked.Add((Now, request));
        return slaves(request);
    });

    SamplerRig Rig(ScriptedBus bus, string silence = "3s")
    {
        var rig = new SamplerRig($$"""
            { "standby": [ { "port": "/dev/ttyS0", "role": "preferred", "silence": "{{silence}}" } ], "sensors": [
              { "id": "a", "driver": "modbus", "port": "serial:/dev/ttyS0?baud=9600", "address": 1, "profile": "noise-meter" },
              { "id": "b", "driver": "modbus", "port": "serial:/dev/ttyS0?baud=9600", "address": 2, "profile": "noise-meter" } ] }
            """, time, (_, _) => Task.FromResult(new Line("bus", bus, static () => true, time)));
        rig.Sampler.LineChanged = (kind, _) => events.Add(kind);
        return rig;
    }

    static byte[]? Answer(byte[] request, ushort value) => ModbusFrames.Wrap(request[0], [request[1], 2, (byte)(value >> 8), (byte)value]);
}
