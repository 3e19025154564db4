using System.Text.Json;
using EdgeHub.DeviceSims;
using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

public sealed class LedgerTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Another_reader_sees_a_frame_as_soon_as_it_is_entered()
    {
        using var ledger = new Ledger(_directory.File("ledger.jsonl"), TimeProvider.System);

        ledger.Enter("noise1", [new SentValue("noise", 54.3)], valid: true);
        ledger.Enter("noise1", [new SentValue("noise", 54.4)], valid: false);

        var lines = LinesOf(ledger);
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("noise1", first.RootElement.GetProperty("sensor").GetString());
        Assert.Equal("noise", first.RootElement.GetProperty("quantity").GetString());
        Assert.Equal(54.3, first.RootElement.GetProperty("value").GetDouble());
        Assert.True(first.RootElement.GetProperty("valid").GetBoolean());
        Assert.InRange(first.RootElement.GetProperty("t").GetDouble(), 1, double.MaxValue);
        Assert.Contains("\"valid\":false", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_did_not_go_out_is_counted_and_not_written()
    {
        using var ledger = new Ledger(_directory.File("ledger.jsonl"), TimeProvider.System);

        ledger.Drop("noise1", [new SentValue("noise", 54.3)]);
        ledger.Enter("pms1", [new SentValue("pm1_0", 1), new SentValue("pm2_5", 2)], valid: true);

        Assert.Equal(2, LinesOf(ledger).Length);
        Assert.Equal(new LedgerCounts(0, 0, 1), ledger.Of("noise1"));
        Assert.Equal(new LedgerCounts(2, 0, 1), ledger.Total);
    }

    /// <summary>All lines so far, as another process reads them while the ledger is open.</summary>
    internal static string[] LinesOf(Ledger ledger)
    {
        using var file = new FileStream(ledger.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
