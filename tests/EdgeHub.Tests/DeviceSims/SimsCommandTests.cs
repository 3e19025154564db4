using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Verbs;

namespace EdgeHub.Tests.DeviceSims;

public sealed class SimsCommandTests : IDisposable
{
    private const int TestTimeoutMs = 30_000;

    private readonly ScratchDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    [Theory(Timeout = TestTimeoutMs)]
    [InlineData("fly", "fly")]
    [InlineData("run", "--dir")]
    [InlineData("run --dir x --seconds 0", "--seconds must be")]
    [InlineData("run --dir x --seconds soon", "soon")]
    [InlineData("run --dir x --pms-interval 0.01", "--pms-interval must be")]
    [InlineData("run --dir x --fault crc=2", "is no share of frames")]
    [InlineData("run --dir x --fault melt=1", "is no fault; there are")]
    [InlineData("run --dir x --fault pms9:crc=1", "is no sensor here; there are: pms1")]
    public async Task Wrong_arguments_are_named_and_exit_with_2(string arguments, string named)
    {
        Assert.Equal(2, await InvokeAsync("", arguments.Split(' ')));
        Assert.Contains(named, _errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_directory_that_cannot_be_is_a_sentence_and_exit_1()
    {
        var file = _directory.File("file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Assert.Equal(1, await InvokeAsync("", "run", "--dir", file));
        Assert.Contains(file, _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_run_says_what_lies_where_obeys_its_input_and_ends_with_counts()
    {
        const string commands = "fault pms1 silence on\nunplug ttyBUS0\nreplug ttyBUS0\npause\nresume\nunplug ttyX\nfault all melt on\ncounts\n";
        Assert.Equal(0, await InvokeAsync(commands, "run", "--json", "--dir", _directory.Path, "--seconds", "1"));

        var events = Lines().Select(line => line.GetProperty("event").GetString());
        Assert.Equal(["ready", "done", "done", "done", "done", "done", "refused", "refused", "counts", "counts"], events);
        Assert.Equal(_directory.File("ledger.jsonl"), Lines()[0].GetProperty("ledger").GetString());
        Assert.Equal(4, Lines()[0].GetProperty("devices").GetArrayLength());
        Assert.Equal(["ledger.jsonl"], Directory.EnumerateFileSystemEntries(_directory.Path).Select(Path.GetFileName));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task The_end_of_its_input_stops_a_run_that_was_told_so()
    {
        Assert.Equal(0, await InvokeAsync("", "run", "--dir", _directory.Path, "--stop-with-stdin"));
        Assert.Contains("weather1: weather-station on " + _directory.File(StandardSet.BusPort) + ", address 1", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task The_list_names_each_device_with_quantities_units_and_faults()
    {
        Assert.Equal(0, await InvokeAsync("", "list", "--json"));
        var devices = Lines()[0].GetProperty("devices").EnumerateArray().ToList();

        Assert.Equal(["pms1", "weather1", "noise1", "meter1"], devices.Select(device => device.GetProperty("sensor").GetString()));
        Assert.Equal(28, devices.Sum(device => device.GetProperty("quantities").GetArrayLength()));
        Assert.All(devices, device => Assert.Contains("hangup", device.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString())));
        Assert.Equal(0, await InvokeAsync("", "list"));
        Assert.Contains("kW.h", _output.ToString(), StringComparison.Ordinal);
    }

    private async Task<int> InvokeAsync(string input, params string[] arguments)
    {
        using var commands = new StringReader(input);
        return await SimsCommand.InvokeAsync(arguments, commands, _output, _errors, TimeProvider.System);
    }

    private List<JsonElement> Lines() =>
    [
        .. _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement.Clone()),
    ];
}
