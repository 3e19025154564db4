using System.Buffers;
using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Scenarios.Courses;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>
/// Reads a scenario file and names everything that is wrong with it at once, each with its line. <c>docs/scenario.schema.json</c>
/// says the same to an editor; a test holds the two together.
/// </summary>
sealed class ScenarioReader
{
    const int PortLengthMax = 64;
    const int IdLengthMax = 64;

    static readonly SearchValues<char> IdLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    static readonly SearchValues<char> PortLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    readonly List<ScenarioError> errors = [];
    readonly Dictionary<string, DeviceDouble> examples = new(StringComparer.Ordinal);
    readonly ulong? seedGiven;
    readonly TimeProvider time;
    CourseReader courses = null!;
    ulong seed;

    ScenarioReader(ulong? seedGiven, TimeProvider time) => (this.seedGiven, this.time) = (seedGiven, time);

    /// <summary>The scenario, or null and its errors.</summary>
    /// <param name="seed">Wins over the file's.</param>
    /// <param name="time">What devices that tell the time will say.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scenario? Read(string file, ulong? seed, TimeProvider time, out IReadOnlyList<ScenarioError> errors)
    {
        var reader = new ScenarioReader(seed, time);
        var scenario = reader.Read(file);
        errors = reader.errors;
        return reader.errors.Count == 0 ? scenario : null;
    }

    Scenario? Read(string file)
    {
        if (Load(file) is not { } node)
            return null;
        var root = new YamlSection(file, node, "", errors);
        seed = (ulong)root.Number("seed", 1, 0, 1e15);
        seed = seedGiven ?? seed;
        var start = root.Length("start", TimeSpan.FromHours(8), TimeSpan.Zero)!.Value;
        var speed = root.Number("speed", 1, 0.01, Scenario.SpeedMax);
        var length = root.Length("for", null, TimeSpan.FromMilliseconds(1));
        courses = new CourseReader(Path.GetDirectoryName(Path.GetFullPath(file))!, start, Events(root.Section("events")));
        List<ScenarioBus> buses = [.. root.List("buses", Scenario.BusesMax).Select(Bus)];
        if (buses.Count == 0)
            root.Error("buses", "a scenario has at least one bus with devices.");
        foreach (var twice in buses.GroupBy(bus => bus.Port, StringComparer.Ordinal).Where(group => group.Count() > 1))
            root.Error("buses", $"two buses have the port {twice.Key}; put their devices on one.");
        var timeline = new StrokeReader(buses, examples);
        List<Stroke> strokes = [.. root.List("timeline", Scenario.StrokesMax).Select(timeline.Read)];
        root.RejectUnknown();
        return new Scenario(seed, speed, length, buses, [.. strokes.OrderBy(stroke => stroke.At)]);
    }

    YamlMappingNode? Load(string file)
    {
        using var text = File.OpenText(file);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(text);
        }
        catch (YamlException e)
        {
            errors.Add(new ScenarioError(file, e.Start.Line, "", e.InnerException?.Message ?? e.Message));
            return null;
        }

        if (yaml.Documents is [{ RootNode: YamlMappingNode node }])
            return node;
        errors.Add(new ScenarioError(file, 1, "", "a scenario is one mapping that begins with keys such as seed: and buses:."));
        return null;
    }

    static Dictionary<string, Happening> Events(YamlSection? section)
    {
        var events = new Dictionary<string, Happening>(StringComparer.Ordinal);
        foreach (var name in section?.Keys ?? [])
            if (section!.Section(name) is { } one)
            {
                events[name] = new Happening(one.Moment("at"), one.Length("rise", TimeSpan.Zero, TimeSpan.Zero)!.Value, one.Length("hold", Span.Max, TimeSpan.Zero)!.Value, one.Length("fall", TimeSpan.Zero, TimeSpan.Zero)!.Value);
                one.RejectUnknown();
            }

        return events;
    }

    ScenarioBus Bus(YamlSection section)
    {
        var port = section.Text("port", null, "Write the name that the port gets in the run's directory, such as ttyBUS0.");
        if (port.Length > PortLengthMax || port.AsSpan().ContainsAnyExcept(PortLetters))
            section.Error("port", $"'{port}' is no name of a port: at most {PortLengthMax} letters, digits, dashes and dots.");
        var baud = (int)section.Number("baud", 0, 300, 4_000_000);
        var strict = section.Flag("strict", true);
        List<ScenarioDevice> devices = [.. section.List("devices", Scenario.DevicesMax).Select(Device).OfType<ScenarioDevice>()];
        if (!section.Has("devices"))
            section.Error("devices", "a bus has at least one device.");
        section.RejectUnknown();
        return new ScenarioBus(port, baud > 0 ? baud : devices.Select(device => examples[device.Settings.Id].Wiring.Baud).FirstOrDefault(9600), strict, devices);
    }

    ScenarioDevice? Device(YamlSection section)
    {
        var id = section.Text("id", null, "Write a name of a-z, 0-9 and dashes.");
        if (id.Length > IdLengthMax || id.AsSpan().ContainsAnyExcept(IdLetters))
            section.Error("id", $"'{id}' is no id: a-z, 0-9 and dashes, at most {IdLengthMax}.");
        var word = section.Text("double", null, "Write one of those that edgehub-sims list names.");
        var settings = new DoubleSettings(id, seed, section.Has("address") ? section.Text("address", "", "") : null, section.Length("pace", null, TimeSpan.FromMilliseconds(50)), time);
        var model = DoubleCatalog.Find(word);
        if (model is null && word.Length > 0)
            section.Error("double", $"there is no double {word}. {NearestWord.Advice(word, [.. DoubleCatalog.All.Select(known => known.Name)])}");
        if (model is { ExampleAddress: null } && settings.Address is not null)
            section.Error("address", $"a {word} has no address; leave it out.");
        var made = model is null ? null : Make(section, model, settings);
        var read = made is null ? [] : Courses(section, made);
        if (made is null)
            return null;
        if (!examples.TryAdd(id, made))
            section.Error("id", $"the id {id} is taken; give each device its own.");
        section.RejectUnknown();
        return new ScenarioDevice(model!, settings, read);
    }

    static DeviceDouble? Make(YamlSection section, DoubleModel model, DoubleSettings settings)
    {
        try
        {
            return model.Make(settings);
        }
        catch (FormatException e)
        {
            section.Error("address", settings.Address is null ? $"this key is required for a {model.Name}, such as address: {model.ExampleAddress}." : e.Message);
            return null;
        }
    }

    Dictionary<string, Course> Courses(YamlSection section, DeviceDouble device)
    {
        var read = new Dictionary<string, Course>(StringComparer.Ordinal);
        if (section.Section("values") is not { } values)
            return read;
        List<string> quantities = [.. device.Quantities.Select(quantity => quantity.Name)];
        foreach (var quantity in values.Keys)
            if (!quantities.Contains(quantity))
                values.Error(quantity, $"a {device.Model} has no such quantity. {NearestWord.Advice(quantity, quantities)}");
            else if (values.Section(quantity) is { } course)
                read[quantity] = courses.Read(course, SplitMix64.For(seed, device.SensorId, $"course-{quantity}"));
        return read;
    }
}
