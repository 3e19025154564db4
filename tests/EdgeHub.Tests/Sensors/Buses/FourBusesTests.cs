using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors.Buses;

/// <summary>A full cabinet in virtual time, through the whole sampler: 32 instruments on four buses, each due once a second.</summary>
public sealed class FourBusesTests
{
    const int Buses = 4;
    const int OnBus = 8;
    const int Seconds = 120;
    const int DeadOnBus0 = 3;
    const int DiesOnBus1 = 5;
    const int BabblesOnBus2 = 8;

    // What a slave needs at 9600 baud: it thinks, and 15 bytes pass over the wire.
    static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(45);
    static readonly TimeSpan BabblePause = TimeSpan.FromMilliseconds(35);
    static readonly TimeSpan DeathAt = TimeSpan.FromSeconds(30);

    readonly FakeTimeProvider time = new();

    [Fact(Timeout = 120_000)]
    public async Task No_reading_of_32_is_late_by_more_than_its_interval_because_of_two_dead_and_one_that_babbles()
    {
        var start = time.GetUtcNow();
        var buses = new ScriptedBus[Buses];
        var random = new Random(1);
        for (var i = 0; i < Buses; i++)
        {
            var bus = i;
            buses[bus] = new ScriptedBus(request =>
            {
                var slave = request[0];
                if ((bus, slave) is (0, DeadOnBus0) or (2, BabblesOnBus2) || ((bus, slave) is (1, DiesOnBus1) && time.GetUtcNow() - start > DeathAt))
                    return null;
                After(AnswerTime, () => buses[bus].Send(Answer(slave, (ushort)((bus * 100) + slave))));
                return null;
            });
        }

        Babble();
        var sensors = Enumerable.Range(0, Buses * OnBus).Select(i => $$"""{ "id": "s{{i}}", "driver": "modbus", "port": "tcp:bus{{i / OnBus}}:1", "address": {{(i % OnBus) + 1}}, "profile": "noise-meter", "interval": "1s" }""");
        await using var rig = new SamplerRig($$"""{ "sensors": [ {{string.Join(", ", sensors)}} ] }""", time, (port, _) => Task.FromResult(new Line($"{port}", buses[((TcpPortUri)port).Host[^1] - '0'], static () => true, time)));
        rig.Begin();
        rig.Pass(time, TimeSpan.FromSeconds(Seconds));

        var readAt = rig.Take().ToLookup(reading => reading.Stream, reading => reading.BootTimeMs - start.ToUnixTimeMilliseconds());
        foreach (var sensor in Enumerable.Range(0, Buses * OnBus))
        {
            var (bus, slave) = (sensor / OnBus, (sensor % OnBus) + 1);
            var until = (bus, slave) switch { (0, DeadOnBus0) or (2, BabblesOnBus2) => 0, (1, DiesOnBus1) => DeathAt.TotalSeconds, _ => Seconds - 1 };
            for (var due = 0; due < until; due++)
                Assert.True(readAt[sensor].Any(at => at > due * 1000L && at <= (due + 1) * 1000L), $"bus {bus} slave {slave}: what was due at {due} s was read at {string.Join(", ", readAt[sensor].Where(at => at > due * 1000L).Take(1))} ms.");
        }

        Assert.All(rig.Take(), reading => Assert.Equal((((reading.Stream / OnBus) * 100) + (reading.Stream % OnBus) + 1) / 10.0, reading.Value, 9));
        Assert.Equal(Condition.Silent, rig.Sensor($"s{DeadOnBus0 - 1}").Condition);
        Assert.Equal(Condition.Silent, rig.Sensor($"s{OnBus + DiesOnBus1 - 1}").Condition);
        Assert.Equal(Condition.Fault, rig.Sensor($"s{(2 * OnBus) + BabblesOnBus2 - 1}").Condition);

        // It never leaves the line silent for as long as its neighbours would like.
        void Babble()
        {
            var noise = new byte[6];
            random.NextBytes(noise);
            buses[2].Send(noise);
            After(BabblePause, Babble);
        }
    }

    void After(TimeSpan span, Action action)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                action();
            },
            null,
            span,
            Timeout.InfiniteTimeSpan);
    }

    static byte[] Answer(byte slave, ushort word)
    {
        byte[] frame = [slave, 3, 2, (byte)(word >> 8), (byte)word];
        var crc = ModbusCrc.Compute(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }
}
