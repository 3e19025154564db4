using System.Text.RegularExpressions;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Scenarios;
using Json.Schema;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>The reader of scenarios, and the schema that says the same to an editor.</summary>
public sealed partial class ScenarioReaderTests : IDisposable
{
    static readonly string Examples = Path.Combine(Repository.Root, "docs/examples");
    static readonly string EveryKey = Path.Combine(Repository.Root, "tests/EdgeHub.Tests/DeviceSims/every-key.scenario.yaml");
    static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Repository.Root, "docs/scenario.schema.json")));

    readonly ScratchDirectory directory = new();

    public static TheoryData<string> ExampleFiles => [.. Directory.GetFiles(Examples, "*.scenario.yaml").Select(file => Path.GetFileName(file)!)];

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(ExampleFiles))]
    public void Each_example_is_read_and_fits_the_schema(string name)
    {
        var file = Path.Combine(Examples, name);
        Assert.NotNull(ScenarioReader.Read(file, null, TimeProvider.System, out var errors));
        Assert.Empty(errors);
        Assert.True(Fits(File.ReadAllText(file)));
    }

    [Fact]
    public void Every_mistake_is_named_at_once_with_its_line_and_the_nearest_word()
    {
        const string yaml = """
            sed: 7
            speed: fast
            events:
              fire: { rise: 2s }
            buses:
              - port: tty/1
                devices:
                  - { id: Air, double: pms5oo3 }
                  - id: weather
                    double: weather-station
                    values:
                      temperatur: { model: constant, value: 2 }
                  - id: noise
                    double: noise-meter
                    address: 2
                    values:
                      noise: { model: wave, value: 2 }
                  - id: meter
                    double: meter-sdm
                    address: 3
                    pace: 1fortnight
                    values:
                      voltage: { model: constant, value: 230, with: { fir: 2 } }
            timeline:
              - { at: 1s, fault: melt }
              - { at: 1s, fault: crc, device: nois }
              - { at: 1s, unplug: ttyX }
              - { fault: crc }
            """;
        var errors = ErrorsOf(yaml);
        foreach (var (line, part) in new[]
        {
            (1, "sed: this key is not known here. Did you mean seed?"), (2, "speed: 'fast' is no number"), (4, "events.fire.at: this key is required"),
            (6, "buses[0].port: 'tty/1'"), (8, "buses[0].devices[0].id: 'Air'"), (8, "Did you mean pms5003?"), (9, "address: this key is required for a weather-station"),
            (17, "'wave' is no model. Did you mean"), (21, "'1fortnight' is no length of time"), (23, "there is no such event. Did you mean fire?"),
            (25, "'melt' is no fault"), (26, "Did you mean noise?"), (27, "there is no port ttyX"), (28, "timeline[3].at: this key is required"),
        })
            Assert.Contains(errors, error => error.Line == line && error.ToString().Contains(part, StringComparison.Ordinal));
        Assert.Equal(14, errors.Count);
    }

    [Theory]
    [InlineData("buses: [", 2)]
    [InlineData("seed: 1\nseed: 2\n", 2)]
    [InlineData("- a\n", 1)]
    [InlineData("", 1)]
    [InlineData("buses: { port: x }", 1)]
    [InlineData("buses:\n  - port: a\n    devices: 7\n", 3)]
    public void What_is_no_scenario_is_an_error_with_a_line(string yaml, long line) => Assert.Contains(ErrorsOf(yaml), error => error.Line == line);

    [Fact]
    public void A_quantity_that_the_device_does_not_have_gets_the_nearest_one() =>
        Assert.Contains("Did you mean temperature?", Assert.Single(ErrorsOf("buses: [ { port: a, devices: [ { id: w, double: weather-station, address: 1, values: { temperatur: { model: constant, value: 2 } } } ] } ]")).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_recording_that_cannot_be_read_names_its_line()
    {
        File.WriteAllText(directory.File("bad.csv"), "seconds,value\n0,1\n2;2\n");
        Assert.Contains("bad.csv:3", Assert.Single(ErrorsOf("buses: [ { port: a, devices: [ { id: n, double: noise-meter, address: 1, values: { noise: { model: csv, file: bad.csv } } } ] } ]")).Reason, StringComparison.Ordinal);
    }

    /// <summary>Each key of each example, misspelt: the reader and the schema must both refuse it. So neither knows a key that the other does not.</summary>
    [Fact]
    public void A_key_that_one_of_reader_and_schema_does_not_know_the_other_does_not_know_either()
    {
        var tried = 0;
        foreach (var file in Directory.GetFiles(Examples, "*.scenario.yaml").Append(EveryKey))
        {
            var text = File.ReadAllText(file);
            foreach (Match key in Key().Matches(text))
            {
                var wrong = text[..key.Groups[1].Index] + key.Groups[1].Value + "xyz" + text[(key.Groups[1].Index + key.Groups[1].Length)..];
                // Names of events and quantities are the user's own in the schema; the reader knows them.
                if (!Names().IsMatch(key.Groups[1].Value))
                    Assert.False(Fits(wrong), $"The schema takes {key.Groups[1].Value}xyz in {file}.");
                Assert.NotEmpty(ErrorsOf(wrong));
                tried++;
            }
        }

        Assert.True(tried > 100, $"{tried}");
        var everyKey = File.ReadAllText(EveryKey);
        Assert.Empty(ErrorsOf(everyKey));
        Assert.True(Fits(everyKey));
        foreach (Match property in Property().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/scenario.schema.json"))))
            Assert.True(everyKey.Contains(property.Groups[1].Value + ":", StringComparison.Ordinal), $"every-key.scenario.yaml does not use {property.Groups[1].Value}.");
    }

    [Fact]
    public void The_schema_names_every_fault_and_every_model()
    {
        var schema = File.ReadAllText(Path.Combine(Repository.Root, "docs/scenario.schema.json"));
        Assert.Contains($"\"enum\": [{string.Join(", ", FaultRate.Names.Select(name => $"\"{name}\""))}]", schema, StringComparison.Ordinal);
        Assert.Equal(CourseReader.Models.Order(), Model().Matches(schema).Select(match => match.Groups[1].Value).Order());
        Assert.Equal(Enum.GetValues<FaultKind>().Length, FaultRate.Names.Count);
    }

    static bool Fits(string yaml) => Schema.Evaluate(System.Text.Json.JsonSerializer.SerializeToElement(YamlAsJson.Read(yaml))).IsValid;

    IReadOnlyList<ScenarioError> ErrorsOf(string yaml)
    {
        File.Copy(Path.Combine(Examples, "pressure.csv"), directory.File("pressure.csv"), overwrite: true);
        var file = directory.File("a.scenario.yaml");
        File.WriteAllText(file, yaml);
        Assert.True(ScenarioReader.Read(file, null, TimeProvider.System, out var errors) is null == errors.Count > 0);
        return errors;
    }

    [GeneratedRegex(@"(?<![\w$-])([a-z0-9_-]+): ?(?=[\s\[{\w'""-])(?<!#[^\n]*)")]
    private static partial Regex Key();

    [GeneratedRegex("^(fire|pm1_0|pm2_5|pm10|temperature|humidity|rain|pressure|noise|voltage|current|power|wind_speed)$")]
    private static partial Regex Names();

    [GeneratedRegex("""
        "model": \{ "const": "(\w+)" \}
        """)]
    private static partial Regex Model();

    [GeneratedRegex("""
        "(?!properties|items|with|\$)([a-z-]+)": \{ ("type"|"\$ref"|"const"|$)
        """, RegexOptions.Multiline)]
    private static partial Regex Property();
}
