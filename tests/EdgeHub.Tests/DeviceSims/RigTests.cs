using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>The standard set on real pseudo terminals, read by the plain reader: what it decodes is what the ledger says.</summary>
public sealed class RigTests : IAsyncDisposable
{
    private const int TestTimeoutMs = 60_000;
    private static readonly TimeSpan PmsInterval = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Listening = TimeSpan.FromSeconds(3);

    private readonly ScratchDirectory _directory = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly CancellationTokenSource _stop = new();
    private readonly Ledger _ledger;
    private readonly Rig _rig;
    private readonly Task _running;

    public RigTests()
    {
        _ledger = new Ledger(_directory.File("ledger.jsonl"), TimeProvider.System);
        _rig = new Rig(StandardSet.Wire(_directory.Path, 11, PmsInterval, _ledger, TimeProvider.System), _ledger);
        _running = _rig.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _rig.Dispose();
        _ledger.Dispose();
        _stop.Dispose();
        _directory.Dispose();
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_noisy_streaming_sensor_is_read_as_the_ledger_says()
    {
        SetNoise("pms1");
        using var reader = new RawTerminal(_directory.File(StandardSet.PmsPort));

        var stream = new List<byte>(await reader.ReadAsync(int.MaxValue, Listening));
        await _rig.PauseAsync(_cancel);
        stream.AddRange(await reader.ReadAsync(int.MaxValue, TimeSpan.FromMilliseconds(100)));

        Assert.Equal(Emitted("pms1"), PlainReader.PmsValues("pms1", [.. stream]));
        var counts = _rig.Ledger.Of("pms1");
        Assert.True(counts is { Emitted: > 100, Spoiled: > 0, Dropped: > 0 }, counts.ToString());
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_noisy_bus_is_read_as_the_ledger_says()
    {
        SetNoise("noise1");
        SetNoise("weather1");
        using var reader = new RawTerminal(_directory.File(StandardSet.BusPort));
        var read = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            if (await AskAsync(reader, ModbusSlaveTests.Request(2, 3, 0, 1)) is { } noise)
            {
                read.Add(PlainReader.Text("noise1", "noise", ((noise[3] << 8) + noise[4]) / 10.0));
            }

            if (await AskAsync(reader, ModbusSlaveTests.Request(1, 3, 0x01F9, 1)) is { } weather)
            {
                read.Add(PlainReader.Text("weather1", "temperature", (short)((weather[3] << 8) + weather[4]) / 10.0));
            }
        }

        Assert.Equal([.. Emitted("noise1"), .. Emitted("weather1")], read.OrderBy(text => text.StartsWith('w')));
        Assert.True(_rig.Ledger.Total is { Emitted: > 10, Spoiled: > 0, Dropped: > 0 }, _rig.Ledger.Total.ToString());
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task An_address_that_nobody_has_meets_silence_and_the_next_request_is_answered()
    {
        using var reader = new RawTerminal(_directory.File(StandardSet.BusPort));

        Assert.Null(await AskAsync(reader, ModbusSlaveTests.Request(77, 3, 0, 1)));
        Assert.NotNull(await AskAsync(reader, ModbusSlaveTests.Request(2, 3, 0, 1)));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_paused_rig_neither_streams_nor_answers_and_a_resumed_one_does()
    {
        using var bus = new RawTerminal(_directory.File(StandardSet.BusPort));
        await _rig.PauseAsync(_cancel);
        var before = _rig.Ledger.Total;

        Assert.Null(await AskAsync(bus, ModbusSlaveTests.Request(2, 3, 0, 1)));
        Assert.Equal(before, _rig.Ledger.Total);

        _rig.Resume();
        Assert.NotNull(await AskAsync(bus, ModbusSlaveTests.Request(2, 3, 0, 1)));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_replugged_sensor_streams_again_under_its_old_path()
    {
        var path = _directory.File(StandardSet.PmsPort);
        using (var reader = new RawTerminal(path))
        {
            Assert.Equal(32, (await reader.ReadAsync(32, Patience)).Length);
            Assert.Null(_rig.Unplug(StandardSet.PmsPort));
            await reader.ReadAsync(int.MaxValue, Patience);
            Assert.True(reader.HasHungUp);
        }

        Assert.Null(_rig.Replug(StandardSet.PmsPort));
        using var again = new RawTerminal(path);
        Assert.Equal(12, PlainReader.PmsValues("pms1", await again.ReadAsync(32, Patience)).Count);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_hang_up_fault_unplugs_in_place_of_a_frame()
    {
        using var reader = new RawTerminal(_directory.File(StandardSet.PmsPort));
        await reader.ReadAsync(32, Patience);

        Assert.Null(_rig.SetFault("pms1", FaultKind.HangUp, 1));
        await reader.ReadAsync(int.MaxValue, Patience);

        Assert.True(reader.HasHungUp);
        Assert.True(_rig.Ledger.Of("pms1").Dropped > 0);
    }

    private void SetNoise(string sensor)
    {
        foreach (var kind in new[] { FaultKind.Garbage, FaultKind.Crc, FaultKind.Split, FaultKind.Silence })
        {
            Assert.Null(_rig.SetFault(sensor, kind, 0.2));
        }
    }

    /// <summary>Asks as a master does: throws away what lies about, sends, waits for a reply of one register, checks it.</summary>
    private static async Task<byte[]?> AskAsync(RawTerminal bus, byte[] request)
    {
        bus.ReadNow(1024);
        bus.Send(request);
        var reply = await bus.ReadAsync(7, TimeSpan.FromMilliseconds(300));
        return reply.Length == 7 && reply[0] == request[0] && reply[1] == request[1] && PlainReader.HasRightCrc(reply) ? reply : null;
    }

    private List<string> Emitted(string sensor)
    {
        var emitted = new List<string>();
        foreach (var line in LedgerTests.LinesOf(_rig.Ledger))
        {
            using var entry = JsonDocument.Parse(line);
            var root = entry.RootElement;
            if (root.GetProperty("valid").GetBoolean() && root.GetProperty("sensor").GetString() == sensor)
            {
                emitted.Add(PlainReader.Text(sensor, root.GetProperty("quantity").GetString()!, root.GetProperty("value").GetDouble()));
            }
        }

        return emitted;
    }
}
