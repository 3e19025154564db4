using System.Net.Sockets;
using System.Text;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Tests.Hosting;

public sealed class EdgeCommandTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("edgehub-cli-");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Theory(Timeout = 60_000)]
    [InlineData(0, "--version")]
    [InlineData(0, "--help")]
    [InlineData(0, "check")]
    [InlineData(2, "check", "--config", "missing.json")]
    [InlineData(2, "run", "--config", "missing.json")]
    [InlineData(2, "--config", "missing.json")]
    [InlineData(2, "chekc")]
    [InlineData(2, "run", "--fast")]
    [InlineData(2, "status")]
    public async Task A_verb_ends_with_its_code(int code, params string[] arguments)
    {
        var ended = await AskAsync(arguments);
        Assert.True(code == ended.Code, $"{ended.Code}: {ended.Output}{ended.Errors}");
    }

    [Fact(Timeout = 60_000)]
    public async Task Check_names_every_error_with_its_fix()
    {
        var file = Path.Combine(directory.FullName, "bad.json");
        await File.WriteAllTextAsync(file, """{ "gatway": {}, "http": { "listen": "0.0.0.0:80" }, "log": { "level": "loud" }, "gateway": { "id": "Box 17" } }""", Token);
        var (code, _, errors) = await AskAsync("check", "--config", file);

        Assert.Equal(2, code);
        foreach (var part in new[] { "gatway", "Did you mean gateway?", "log.level = loud", "gateway.id = Box 17", "fix: " })
            Assert.Contains(part, errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Five_mistakes_in_five_rooms_are_named_at_once_with_key_value_reason_and_fix()
    {
        var file = Path.Combine(directory.FullName, "five.json");
        await File.WriteAllTextAsync(
            file,
            """
            {
              "gateway": { "id": "box-17", "area": "Harbour East" },
              "sensors": [{ "id": "air", "driver": "pms5O03", "port": "serial:/dev/ttyUSB0" }],
              "spool": { "flushInterval": "1 fortnight" },
              "uplink": { "broker": "http://city:1883" },
              "log": { "level": "loud" }
            }
            """,
            Token);
        var (code, output, errors) = await AskAsync("check", "--config", file);

        Assert.Equal(2, code);
        Assert.Empty(output);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(": 5 errors", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + (5 * 3), lines.Length);
        var wrong = new[] { "gateway.area = Harbour East", "sensors[0].driver = pms5O03", "spool.flushInterval = 1 fortnight", "uplink.broker = http://city:1883", "log.level = loud" };
        foreach (var mistake in wrong)
        {
            var at = Array.FindIndex(lines, line => line.Trim() == mistake);
            Assert.True(at > 0, $"{mistake} is not named in: {errors}");
            Assert.Matches("^    why: .{10,}", lines[at + 1]);
            Assert.Matches("^    fix: .{10,}", lines[at + 2]);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Check_accepts_the_example()
    {
        var ended = await AskAsync("check", "--config", Path.Combine(Repository.Root, "docs/examples/edgehub.json"));
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.Contains("box-17", ended.Output, StringComparison.Ordinal);
        Assert.Contains("5 sensors", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_daemon_tells_the_service_manager_when_it_is_ready_and_when_it_stops()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        // An abstract socket, as systemd itself uses: no file, the name begins with @ in the variable.
        var name = "edgehub-test-" + directory.Name;
        manager.Bind(new UnixDomainSocketEndPoint("\0" + name));
        using var daemon = EdgeProcess.Start(directory.FullName, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = "@" + name, ["WATCHDOG_USEC"] = "200000" });
        var heard = new List<string>();
        await HearAsync(manager, heard, "READY=1");
        await HearAsync(manager, heard, "WATCHDOG=1");

        using var status = EdgeProcess.Start(directory.FullName, null, "status", "--json");
        var asked = await status.ExitAsync(Token);
        Assert.NotEqual(2, asked.Code);
        Assert.NotNull(StatusReport.TryParse(asked.Output));

        daemon.Stop();
        await HearAsync(manager, heard, "STOPPING=1");
        var ended = await daemon.ExitAsync(Token);
        Assert.True(ended.Code == 0, ended.Output + ended.Errors);
        Assert.Contains(heard, line => line.StartsWith("STATUS=", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_daemon_on_the_same_data_directory_says_so_and_ends()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(directory.FullName, "notify");
        manager.Bind(new UnixDomainSocketEndPoint(path));
        using var first = EdgeProcess.Start(directory.FullName, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
        await HearAsync(manager, [], "READY=1");
        using var second = EdgeProcess.Start(directory.FullName, null);
        var ended = await second.ExitAsync(Token);
        Assert.Equal(1, ended.Code);
        Assert.Contains("Another daemon answers", ended.Output + ended.Errors, StringComparison.Ordinal);
        first.Stop();
        Assert.Equal(0, (await first.ExitAsync(Token)).Code);
    }

    static async Task HearAsync(Socket manager, List<string> heard, string awaited)
    {
        var buffer = new byte[4096];
        while (!heard.Contains(awaited))
            heard.Add(Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, Token)));
    }

    async Task<(int Code, string Output, string Errors)> AskAsync(params string[] arguments)
    {
        using var process = EdgeProcess.Start(directory.FullName, null, arguments);
        return await process.ExitAsync(Token);
    }
}
