using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Standby;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors;

/// <summary>What this room takes from the configuration: the lists <c>sensors</c> and <c>standby</c> and the section <c>modbus</c>.</summary>
public sealed record SensorsOptions
{
    /// <summary>Sensors on one box.</summary>
    public const int SensorsMax = 256;

    public IReadOnlyList<SensorOptions> Sensors { get; init; } = [];

    public ModbusOptions Modbus { get; init; } = new();

    /// <summary>Lines that a second box is wired to as well.</summary>
    public IReadOnlyList<StandbyOptions> Standby { get; init; } = [];

    /// <summary>
    /// Reads and checks everything. What is wrong lands in the document's errors, all of it at once; a sensor that could not be
    /// read whole is left out of the list, so use the list only when the document has no errors.
    /// </summary>
    public static SensorsOptions Read(SettingsSection root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var modbusSection = root.Section("modbus");
        var modbus = ModbusOptions.Read(modbusSection);
        var profiles = ProfileLibrary.BuiltIn();
        if (modbus.ProfilesDirectory.Length > 0)
            profiles.AddDirectory(modbus.ProfilesDirectory, modbusSection);
        var libraries = new DriverLibraries(profiles);
        var read = new List<(SettingsSection Section, SensorOptions Sensor)>();
        var ids = new Dictionary<string, SettingsSection>(StringComparer.Ordinal);
        foreach (var section in root.List("sensors", SensorsMax))
        {
            var id = SensorReader.ReadId(section);
            // Also of a sensor that is wrong otherwise: whoever mends that must not find this one afterwards.
            if (id.Length > 0 && !ids.TryAdd(id, section))
                section.Error("id", id, $"this id is taken by {ids[id].KeyOf("id")}.", "Give each sensor an id of its own.");
            if (SensorReader.TryRead(section, id, libraries) is { } sensor)
                read.Add((section, sensor));
        }

        foreach (var line in read.GroupBy(item => item.Sensor.Port.Key, StringComparer.Ordinal))
            RejectDisagreement([.. line]);
        var streams = read.Sum(item => item.Sensor.Streams.Count);
        if (streams > WireLimits.StreamsPerCatalogMax)
            root.Error("sensors", null, $"together the sensors have {streams} streams.", $"Keep at most {WireLimits.StreamsPerCatalogMax} on one box.");
        SensorOptions[] sensors = [.. read.Select(item => item.Sensor)];
        return new SensorsOptions { Sensors = sensors, Modbus = modbus, Standby = StandbyOptions.Read(root, sensors) };
    }

    // Sensors of one driver on a line share its settings (another protocol may have its own), and each must be told from its neighbours.
    static void RejectDisagreement(List<(SettingsSection Section, SensorOptions Sensor)> line)
    {
        var (firstSection, first) = line[0];
        var places = new Dictionary<string, SettingsSection>(StringComparer.Ordinal);
        foreach (var (section, sensor) in line)
        {
            if (!sensor.Port.IsSetLike(line.Find(other => other.Sensor.Driver == sensor.Driver).Sensor.Port))
                section.Error("port", sensor.Port.ToString(), $"the settings of this line differ from those at {line.Find(other => other.Sensor.Driver == sensor.Driver).Section.KeyOf("port")}.", "Write the same baud, parity, data and stop for every sensor of one driver on a line.");
            if (line.Count > 1 && sensor.Driver.Sharing == LineSharing.Alone)
                section.Error("port", sensor.Port.ToString(), "a streaming sensor cannot share its line.", "Give it a port of its own.");
            else if (sensor.Driver.Sharing != first.Driver.Sharing && first.Driver.Sharing != LineSharing.Alone)
                section.Error("port", sensor.Port.ToString(), $"the driver {sensor.Driver.Word} cannot share a line with {first.Driver.Word}.", "Give it a port of its own.");
            var place = sensor.Port.Place ?? sensor.Settings.Place ?? "";
            if (!places.TryAdd(place, section))
                section.Error(sensor.Port.Place is null ? "address" : "port", place, $"this is taken on the same line by {places[place].KeyOf("id")}.", "Give each sensor on a line an address of its own, at the instrument and here.");
        }
    }
}
