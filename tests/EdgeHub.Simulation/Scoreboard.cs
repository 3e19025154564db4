using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace EdgeHub.Simulation;

/// <summary>
/// The page of what was proven: every fault with the figure to reach and the figure that a result file holds. Nobody types a figure;
/// a row without a file says so.
/// </summary>
static class Scoreboard
{
    const string Head =
        """
        # What was proven

        Generated from the result files in `docs/reliability/` by

        ```
        dotnet run -c Release --project tests/EdgeHub.Simulation -- scoreboard docs/reliability > docs/reliability.md
        ```

        Each file is the last line of the command in its row; of the rows that begin with `drill` (of `edgehub-sims`) it is their JUnit file `drills.xml`. A
        drill ends with the judge, who compares what was on the wires with the database, and with the product's own books of box and city. *Lost* is a reading that was announced as recorded and is neither in the
        city's database nor named by a tombstone that was delivered; *doubled* is one that stands there twice. A trial counts only with
        at least one ack: the others prove nothing. A simulated world is the real Recorder, spool, Forwarder, MQTT connection logic,
        Receiver and SQLite store on one thread with virtual time; its disk, network and broker are models.

        | # | fault | to reach | reached | trials with an ack | command | not proven by it |
        |---|---|---|---|---|---|---|

        """;

    const string Foot =
        """

        What no row here proves: cards whose firmware loses or mixes sectors that were flushed, real Raspberry Pi hardware, PostgreSQL and
        MQTTnet under the simulator's faults, and drills of days. The simulator itself is shown red for: LiteDB alone, no fsync, a hidden
        fsync error, delete on PUBACK, ack before commit, one missing resend, StoreId ignored, numbers reused after a restart, one row lost,
        one reading counted too many (`The_simulator_goes_red_when_a_rule_is_broken`), and the real power cuts for LiteDB alone and no fsync.

        """;

    /// <exception cref="InvalidDataException">A file is no result.</exception>
    public static string Write(string directory)
    {
        var page = new StringBuilder(Head);
        foreach (var row in ScoreRow.All)
        {
            var (reached, trials) = Read(directory, row.Result);
            page.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.Fault} | {row.ToReach} | {reached} | {trials} | {(row.Arguments.Length > 0 ? $"`{row.Arguments}`" : "")} | {row.NotProven} |\n");
        }

        return page.Append(Foot).ToString();
    }

    static (string Reached, string Trials) Read(string directory, string result)
    {
        if (result.StartsWith(ScoreRow.Drill, StringComparison.Ordinal))
            return OfDrill(Path.Combine(directory, "drills.xml"), result[ScoreRow.Drill.Length..]);
        var file = Path.Combine(directory, result + ".json");
        if (result.Length == 0 || !File.Exists(file))
            return ("not measured yet", "");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var json = document.RootElement;
            return json.TryGetProperty("seeds", out _) ? OfSeeds(json) : json.TryGetProperty("outage_days", out _) ? OfOutage(json) : OfPowerCuts(json);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file} is no result of a campaign: {e.Message}", e);
        }
    }

    static (string, string) OfDrill(string file, string name)
    {
        if (!File.Exists(file) || XDocument.Load(file).Descendants("testcase").FirstOrDefault(test => (string?)test.Attribute("name") == name) is not { } test)
            return ("not measured yet", "");
        if (test.Element("skipped") is { } skipped)
            return ($"not run: {(string?)skipped.Attribute("message")}", "");
        if (test.Element("failure") is { } failure)
            return ($"FAILED: {(string?)failure.Attribute("message")}", "");
        using var books = JsonDocument.Parse(((string?)test.Element("system-out") ?? "").Split('\n')[^1]);
        var json = books.RootElement;
        return (
            string.Create(CultureInfo.InvariantCulture, $"{json.GetProperty("recorded").GetInt64():N0} readings recorded, {json.GetProperty("stored").GetInt64():N0} stored, {json.GetProperty("tombstoned").GetInt64()} tombstoned; lost {json.GetProperty("lost").GetInt64()}, doubled {json.GetProperty("duplicates").GetInt64()}, altered {json.GetProperty("altered").GetInt64()}; the books balance"),
            "1");
    }

    static (string, string) OfSeeds(JsonElement json) => (
        string.Create(CultureInfo.InvariantCulture, $"{json.GetProperty("seeds").GetInt64():N0} worlds, {json.GetProperty("faults").GetInt64():N0} faults, {json.GetProperty("readings").GetInt64():N0} readings; {json.GetProperty("failed").GetArrayLength()} worlds failed"),
        Number(json, "with_acks"));

    static (string, string) OfOutage(JsonElement json) => (
        string.Create(CultureInfo.InvariantCulture, $"{json.GetProperty("outage_days").GetDouble():F0} days, {json.GetProperty("readings").GetInt64():N0} readings, {json.GetProperty("stored").GetInt64():N0} stored; live lag at most {json.GetProperty("live_lag_max_seconds").GetDouble():F1} s over {json.GetProperty("live_while_draining").GetInt64()} live readings while the backlog drained in {json.GetProperty("drained_after_seconds").GetDouble():F0} s"),
        "1");

    static (string, string) OfPowerCuts(JsonElement json) => (
        string.Create(CultureInfo.InvariantCulture, $"{json.GetProperty("trials").GetInt64():N0} cuts, {json.GetProperty("promised").GetInt64():N0} records promised; {json.GetProperty("lost").GetInt64()} lost, {json.GetProperty("unopenable").GetInt64()} unopenable, opens in at most {json.GetProperty("openMsMax").GetDouble():F0} ms"),
        Number(json, "withAcks"));

    static string Number(JsonElement json, string name) => json.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);
}
