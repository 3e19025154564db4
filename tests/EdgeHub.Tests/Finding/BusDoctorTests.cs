using System.Diagnostics;
using System.Text.Json;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.Edge.Finding.Doctor;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Tests.EndToEnd;
using EdgeHub.Tests.Sensors;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Finding;

/// <summary><c>edgehub doctor bus</c> as a technician runs it, over pseudo terminals that are strict about their speed.</summary>
public sealed class BusDoctorTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_duplicate_address_and_a_dead_slave_are_named_and_a_healthy_one_is_not()
    {
        await using var line = new DoubleLine(9600, Slave("weather-station", "1"), Slave("noise-meter", "2", "a"), Slave("noise-meter", "2", "b"), Faulty(Slave("meter-sdm", "3"), FaultKind.Silence));
        var (code, report) = await ExamineAsync(line, "--addresses", "1-4", "--expect", "1-3", "--baud", "9600");
        Assert.Equal(1, code);
        Assert.Equal([("duplicate-address", 2), ("dead-slave", 3)], Complaints(report));
        Assert.Equal("9600 baud, parity none", report.GetProperty("settings").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_healthy_bus_has_no_complaint()
    {
        await using var line = new DoubleLine(9600, Slave("weather-station", "1"), Slave("noise-meter", "2"));
        var (code, report) = await ExamineAsync(line, "--addresses", "1-3", "--expect", "1-2", "--baud", "9600");
        Assert.Equal(0, code);
        Assert.Empty(Complaints(report));
        Assert.Equal([1, 2], report.GetProperty("slaves").EnumerateArray().Select(slave => slave.GetProperty("slave").GetInt32()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bus_at_another_speed_than_configured_is_told_with_both()
    {
        await using var line = new DoubleLine(4800, Slave("noise-meter", "2"));
        var config = line.Config("box", $$"""{ "id": "n", "driver": "modbus", "port": "serial:{{line.Port}}?baud=9600", "address": 2, "profile": "noise-meter" }""");
        var (code, report) = await ExamineAsync(line, "--config", config, "--addresses", "2");
        Assert.Equal(1, code);
        Assert.Equal([("wrong-speed", 0)], Complaints(report));
        Assert.Contains("4800 baud, parity none, the configuration says 9600 baud, parity none", report.GetProperty("complaints")[0].GetProperty("words").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slave_at_another_speed_than_its_bus_is_told_from_a_duplicate()
    {
        await using var line = new DoubleLine(9600, Slave("weather-station", "1"), Faulty(Slave("noise-meter", "2"), FaultKind.Baud));
        var (_, report) = await ExamineAsync(line, "--addresses", "1-2", "--baud", "9600");
        Assert.Equal([("wrong-speed", 2)], Complaints(report));
    }

    [Fact(Timeout = 60_000)]
    public async Task Answers_that_check_only_at_times_at_several_slaves_are_the_wires_fault()
    {
        await using var line = new DoubleLine(9600, Faulty(Slave("weather-station", "1"), FaultKind.Flip, 0.5), Faulty(Slave("noise-meter", "2"), FaultKind.Flip, 0.5));
        var (_, report) = await ExamineAsync(line, "--addresses", "1-2", "--baud", "9600");
        Assert.Equal([("no-termination", 0)], Complaints(report));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_answers_under_anothers_address_is_named_with_that_address()
    {
        await using var line = new DoubleLine(9600, Faulty(Slave("weather-station", "1"), FaultKind.WrongAddress), Slave("meter-sdm", "9"));
        var (_, report) = await ExamineAsync(line, "--addresses", "9", "--expect", "1", "--baud", "9600");
        Assert.Equal([("foreign-answer", 1)], Complaints(report));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_is_late_is_named_and_its_answers_are_not_taken_for_its_neighbours()
    {
        var time = new FakeTimeProvider();
        ScriptedBus? bus = null;
        byte[]? Answer(byte[] asked)
        {
            var answer = ModbusFrames.Wrap(asked[0], [3, 2, 0x02, 0x92]);
            if (asked[0] == 5)
                return answer;
            _ = Task.Delay(TimeSpan.FromSeconds(1), time, Token).ContinueWith(_ => bus!.Send(answer), TaskScheduler.FromCurrentSynchronizationContext());
            return null;
        }

        var examination = new BusExamination((port, _) => Task.FromResult(new Line(port.ToString(), bus = new ScriptedBus(Answer), static () => true, time)), [LineSettings.Plain(9600)], null, new HashSet<byte> { 9 }, [5, 9], TimeSpan.FromSeconds(1), isPassive: false, static _ => { }, time);
        var pump = new Pump();
        Task<BusEvidence>? seen = null;
        pump.Run(() => seen = examination.RunAsync("/dev/ttyUSB0", Token));
        while (!seen!.IsCompleted)
            pump.Run(() => time.Advance(TimeSpan.FromMilliseconds(5)));
        var evidence = await seen;
        Assert.Equal([("slow-slave", (byte?)9)], BusDiagnosis.Of(evidence).Select(one => (one.Kind, one.Slave)));
        Assert.Equal((10, 10), (evidence.Slaves.Single(slave => slave.Slave == 9).Late, evidence.Slaves.Single(slave => slave.Slave == 5).Checked));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_babbling_device_is_heard_before_anything_is_asked()
    {
        await using var line = new DoubleLine(9600, Slave("weather-station", "1"), Faulty(Slave("noise-meter", "5"), FaultKind.Babble, 0.2));
        var (code, report) = await ExamineAsync(line, "--passive", "--baud", "9600");
        Assert.Equal(1, code);
        Assert.Equal([("unasked", 0)], Complaints(report));
        Assert.Empty(report.GetProperty("slaves").EnumerateArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_that_rests_the_wrong_way_round_has_its_wires_swapped()
    {
        await using var line = new DoubleLine(9600);
        using var pty = new Pty(line.File("swapped"));
        var doctor = Programs.RunAsync(Programs.Edge, ["doctor", "bus", line.File("swapped"), "--passive", "--json", "--baud", "9600"], Token);
        while (!doctor.IsCompleted)
        {
            pty.Send([0]);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }

        var (code, lines) = await doctor;
        Assert.Equal(1, code);
        Assert.Equal([("wires-swapped", 0)], Complaints(Report(lines)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_that_the_daemon_holds_is_left_to_it_and_the_user_told_what_to_do()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("pms5003"));
        var config = line.Config("box", $$"""{ "id": "pm", "driver": "pms5003", "port": "serial:{{line.Port}}" }""");
        using var daemon = Process.Start(new ProcessStartInfo(Programs.Edge, ["run", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            _ = daemon.StandardOutput.ReadToEndAsync(Token);
            _ = daemon.StandardError.ReadToEndAsync(Token);
            while ((await Programs.RunAsync(Programs.Edge, ["status", "--config", config], Token)).ExitCode == 2)
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
            while ((await Programs.RunAsync(Programs.Edge, ["test", "--once", "--timeout", "1", "--config", config], Token)).ExitCode != 0)
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
            using var doctor = Process.Start(new ProcessStartInfo(Programs.Edge, ["doctor", "bus", line.Port]) { RedirectStandardError = true })!;
            var said = await doctor.StandardError.ReadToEndAsync(Token);
            await doctor.WaitForExitAsync(Token);
            Assert.Equal(1, doctor.ExitCode);
            Assert.Contains($"edgehub (process {daemon.Id}): ask it with edgehub test --once, or stop it", said, StringComparison.Ordinal);
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(Token);
        }
    }

    [Fact]
    public void Two_answers_to_one_question_are_two_slaves()
    {
        var request = new ModbusRequest(1, ModbusFunction.ReadHoldingRegisters, 0, 1);
        var answer = Convert.FromHexString("01030202923889");
        var once = SlaveQuestion.Judge(new SlaveEvidence(1, IsExpected: true), request, [0xFF, .. answer, 0]);
        var twice = SlaveQuestion.Judge(new SlaveEvidence(1, IsExpected: true), request, [.. answer, 0, .. answer]);
        Assert.Equal((1, 0, 1, 1), (once.Checked, once.Twice, twice.Checked, twice.Twice));
        Assert.Equal("duplicate-address", BusDiagnosis.Of(Seen(twice)).Single().Kind);
    }

    [Fact]
    public void An_adapter_that_hears_itself_makes_no_slave()
    {
        var request = new ModbusRequest(1, ModbusFunction.ReadHoldingRegisters, 0, 1);
        byte[] echo = ModbusFrames.Request(request);
        var dead = SlaveQuestion.Judge(new SlaveEvidence(1, IsExpected: true), request, echo);
        var live = SlaveQuestion.Judge(new SlaveEvidence(2, IsExpected: true), request with { Slave = 2 }, [.. ModbusFrames.Request(request with { Slave = 2 }), .. Convert.FromHexString("02030202927C89")]);
        Assert.Equal((false, 0, 1), (dead.IsHeard, dead.Garbled, dead.Echoed));
        Assert.Equal(["echo", "dead-slave"], BusDiagnosis.Of(Seen(dead, live)).Select(one => one.Kind));
    }

    [Fact]
    public void A_line_that_falls_back_to_00_after_each_question_has_its_wires_swapped()
    {
        var request = new ModbusRequest(1, ModbusFunction.ReadHoldingRegisters, 0, 1);
        var fallen = SlaveQuestion.Judge(new SlaveEvidence(1, IsExpected: false), request, [0]);
        Assert.Equal("wires-swapped", BusDiagnosis.Of(Seen(fallen) with { Settings = null }).Single().Kind);
    }

    [Fact]
    public void A_bus_without_a_sound_is_swapped_unpowered_or_broken() =>
        Assert.Equal("silent-bus", BusDiagnosis.Of(Seen(new SlaveEvidence(1, IsExpected: true, Asked: 1)) with { Settings = null }).Single().Kind);

    [Fact]
    public void A_slave_that_answers_elsewhere_or_late_is_told_so()
    {
        var found = BusDiagnosis.Of(Seen(new SlaveEvidence(1, true, 10, 10), new SlaveEvidence(2, true, 10, Elsewhere: "4800 baud, parity even"), new SlaveEvidence(3, true, 10, 7, Late: 3), new SlaveEvidence(4, true, 10, 9, Late: 1)));
        Assert.Equal([("wrong-speed", (byte?)2), ("slow-slave", (byte?)3)], found.Select(one => (one.Kind, one.Slave)));
    }

    [Fact]
    public void Where_another_master_asks_its_dead_slaves_are_named()
    {
        var found = BusDiagnosis.Of(Seen() with { MasterQuestions = new Dictionary<byte, (int, int)> { [1] = (5, 5), [2] = (5, 0) } });
        Assert.Equal([("another-master", null), ("dead-slave", (byte?)2)], found.Select(one => (one.Kind, one.Slave)));
    }

    static BusEvidence Seen(params SlaveEvidence[] slaves) =>
        new(2, 0, 0, new Dictionary<byte, (int, int)>(), null, null, "9600 baud, parity none", ["9600 baud, parity none"], slaves);

    static DeviceDouble Slave(string model, string address, string id = "") => DoubleLine.Double(model, $"s{address}{id}", address);

    static DeviceDouble Faulty(DeviceDouble device, FaultKind kind, double rate = 1)
    {
        device.Faults.Set(kind, rate);
        return device;
    }

    static async Task<(int Code, JsonElement Report)> ExamineAsync(DoubleLine line, params string[] arguments)
    {
        var (code, lines) = await Programs.RunAsync(Programs.Edge, ["doctor", "bus", line.Port, "--json", "--listen", "1", .. arguments], Token);
        return (code, Report(lines));
    }

    static JsonElement Report(string[] lines)
    {
        using var json = JsonDocument.Parse(string.Join('\n', lines));
        return json.RootElement.Clone();
    }

    // A complaint about the whole line has slave 0 here.
    static IEnumerable<(string Kind, int Slave)> Complaints(JsonElement report) =>
        report.GetProperty("complaints").EnumerateArray().Select(one => (one.GetProperty("kind").GetString()!, one.GetProperty("slave") is { ValueKind: JsonValueKind.Number } slave ? slave.GetInt32() : 0));
}
