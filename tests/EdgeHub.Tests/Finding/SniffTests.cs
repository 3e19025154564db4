using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using EdgeHub.Edge.Finding;
using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Tests.EndToEnd;
using EdgeHub.Tests.Sensors;

namespace EdgeHub.Tests.Finding;

public sealed class SniffTests
{
    static readonly byte[] Question = Convert.FromHexString("010300000001840A");
    static readonly byte[] Reply = Convert.FromHexString("01030202923889");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Who_asked_and_who_answered_is_told_however_the_bytes_are_split()
    {
        byte[] all = [0xFF, .. Question, .. Reply, .. Question];
        for (var split = 1; split < all.Length; split++)
        {
            var traffic = new Traffic();
            List<TrafficEvent> events = [.. traffic.Add(0, all.AsSpan(0, 1)), .. traffic.Silence(), .. traffic.Add(100, all.AsSpan(1..Math.Max(1, split))), .. traffic.Add(130, all.AsSpan(Math.Max(1, split)..)), .. traffic.Silence()];
            Assert.Equal([TrafficKind.Unclear, TrafficKind.Question, TrafficKind.Answer, TrafficKind.Question], events.Select(one => one.Kind));
            Assert.Equal(all, events.SelectMany(one => one.Bytes.ToArray()));
            Assert.InRange(events[2].TurnaroundMs!.Value, 0, 30);
        }
    }

    [Fact]
    public void A_spoiled_answer_is_unclear_and_the_slave_that_never_checks_is_named()
    {
        var (traffic, book) = (new Traffic(), new TrafficBook());
        byte[] spoiled = [.. Reply];
        spoiled[4] ^= 1;
        List<string> lines = [.. traffic.Add(0, Question).Concat(traffic.Add(20, spoiled)).Concat(traffic.Silence()).Select(book.Tell)];
        Assert.Contains("asked     slave 1: 1 registers from 0x0000 (function 3)", lines[0], StringComparison.Ordinal);
        Assert.Contains("unclear   7 bytes", lines[1], StringComparison.Ordinal);
        Assert.Contains("slave 1: asked 1 times, answered 0, refused 0", book.Summary(), StringComparison.Ordinal);
        Assert.Contains("1 frames that check, 1 runs", book.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Meters_are_told_in_words_too_and_what_is_no_frame_stays_bytes()
    {
        byte[] heard = [0x01, .. Convert.FromHexString("FEFEFEFE680320122220656811043333343339" + "16"), .. Convert.FromHexString("6803201222206568910833333433AB896745F216"), 0x55];
        heard[19] = (byte)heard.AsSpan(5, 14).ToArray().Sum(b => b); // The checksum of the question.
        var book = new TrafficBook();
        var told = MeterFrame.Divide(heard).Select(part => new TrafficEvent(part.Frame?.Kind ?? TrafficKind.Unclear, 0, 1, part.Bytes) is var one && part.Frame is { } frame ? book.Tell(one, frame) : book.Tell(one)).ToList();
        Assert.Equal(4, told.Count);
        Assert.Contains("unclear   1 bytes: 01", told[0], StringComparison.Ordinal);
        Assert.Contains("asked     meter 652022122003: data 00010000", told[1], StringComparison.Ordinal);
        Assert.Contains("answered  meter 652022122003: 0000010078563412", told[2], StringComparison.Ordinal);
        Assert.Contains("unclear   1 bytes: 55", told[3], StringComparison.Ordinal);
        Assert.Contains("meter 652022122003: asked 1 times, answered 1, refused 0", book.Summary(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_asked_of_a_meter_and_what_it_answers_is_overheard()
    {
        await using var line = new DoubleLine(2400);
        using var bus = new Pty(line.File("bus"));
        var sniffing = Programs.RunAsync(Programs.Edge, ["sniff", line.File("bus"), "--baud", "2400", "--parity", "even", "--seconds", "3"], Token);
        while (!sniffing.IsCompleted)
        {
            bus.Send(Dlt645Frames.Read(Convert.FromHexString("032012222065"), 0x00010000));
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
            bus.Send(Convert.FromHexString("6803201222206568910833333433AB896745F216"));
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
        }

        var (code, told) = await sniffing;
        Assert.Equal(0, code);
        Assert.Contains(told, text => text.Contains("asked     meter 652022122003: data 00010000", StringComparison.Ordinal));
        Assert.Contains(told, text => text.Contains("answered  meter 652022122003 after ", StringComparison.Ordinal));
    }

    /// <summary>What comes over a line may be anything: it is divided and never dropped.</summary>
    [Fact]
    public void Whatever_is_heard_every_byte_is_in_one_part() => Gen.OneOf(Gen.Byte, Gen.OneOfConst<byte>(0x68, 0x16, 0xFE, 0x33)).Array[0, 300].Sample(bytes =>
        MeterFrame.Divide(bytes).SelectMany(part => part.Bytes.ToArray()).SequenceEqual(bytes));

    [Fact(Timeout = 60_000)]
    public async Task A_recorded_stream_is_played_again_and_yields_the_same_values()
    {
        await using var line = new DoubleLine(9600, DoubleLine.Double("sds011"));
        var trace = line.File("a.ehtrace");
        var (code, told) = await Programs.RunAsync(Programs.Edge, ["sniff", line.Port, "--record", trace, "--seconds", "3"], Token);
        Assert.Equal(0, code);
        Assert.Contains(told, text => text.Contains("how a sds011 talks", StringComparison.Ordinal));
        var sent = (await File.ReadAllLinesAsync(line.File("ledger.jsonl"), Token)).Select(Value).ToHashSet();
        var read = await ReplayAsync(line, trace, """ "driver": "sds011" """);
        Assert.NotEmpty(read);
        Assert.All(read, value => Assert.Contains(value, sent));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_recorded_bus_answers_again_and_yields_the_same_value()
    {
        await using var line = new DoubleLine(9600);
        using var bus = new Pty(line.File("bus"));
        var trace = line.File("b.ehtrace");
        var sniffing = Programs.RunAsync(Programs.Edge, ["sniff", line.File("bus"), "--record", trace, "--seconds", "3"], Token);
        // Until the program listens, what is sent is dropped.
        while (!sniffing.IsCompleted)
        {
            bus.Send([.. Question, .. Reply]);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token);
        }

        var (code, told) = await sniffing;
        Assert.Equal(0, code);
        Assert.Contains(told, text => text.Contains("asked     slave 1", StringComparison.Ordinal));
        Assert.Contains(65.8, await ReplayAsync(line, trace, """ "driver": "modbus", "address": 1, "profile": "noise-meter" """));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_trace_is_named_with_its_line()
    {
        await using var line = new DoubleLine(9600);
        await File.WriteAllTextAsync(line.File("bad"), """{"t":0,"port":"p","dir":"rx","hex":"00"}""" + "\nnonsense\n", Token);
        var (code, _) = await Programs.RunAsync(Programs.Sims, ["replay", line.File("bad"), "--port", line.File("p")], Token);
        Assert.Equal(1, code);
    }

    static async Task<List<double>> ReplayAsync(DoubleLine line, string trace, string driver)
    {
        using var replay = Process.Start(new ProcessStartInfo(Programs.Sims, ["replay", trace, "--port", line.File("again")]) { RedirectStandardOutput = true })!;
        try
        {
            await replay.StandardOutput.ReadLineAsync(Token);
            var config = line.Config("replayed", $$"""{ "id": "s", "port": "serial:{{line.File("again")}}", {{driver}} }""");
            var (code, lines) = await Programs.RunAsync(Programs.Edge, ["test", "--once", "--json", "--config", config], Token);
            Assert.Equal(0, code);
            using var json = JsonDocument.Parse(string.Join('\n', lines));
            return [.. json.RootElement[0].GetProperty("values").EnumerateArray().Select(value => value.GetProperty("value").GetDouble())];
        }
        finally
        {
            replay.Kill();
            await replay.WaitForExitAsync(Token);
        }
    }

    static double Value(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("value").GetDouble();
    }
}
