using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Modbus;

static class ModbusDriver
{
    const int AddressMax = 247; // Modbus over Serial Line V1.02, 2.2

    public static Driver Driver { get; } = new()
    {
        Word = "modbus",
        Summary = "Any Modbus RTU slave that a profile describes; asked in turn.",
        Models = [new("", "any Modbus RTU slave", "Modbus Application Protocol V1.1b3, Modbus over Serial Line V1.02")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Sharing = LineSharing.Bus,
        Keys =
        [
            new("address", "whole number", null, "The slave's address, 1 to 247."),
            new("profile", "text", null, "What its registers mean: a built-in profile, or a file of modbus.profilesDirectory."),
        ],
        Read = Read,
        Loop = setup => setup.Loop(new ModbusTalk(setup.Sensors, setup.Port, setup.Desk, ModbusTiming.For(setup.Uri, setup.Options.Modbus), setup.Time, setup.Logger)),
    };

    static ModbusSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var profiles = libraries.Profiles;
        var address = section.Whole("address", 0, 1, AddressMax);
        if (!section.Has("address"))
            section.Error("address", null, "this key is required.", $"Write the slave's address, 1 to {AddressMax}.");
        var name = section.Text("profile", null, $"Write one of {string.Join(", ", profiles.Names)}.");
        var profile = profiles.Find(name);
        if (profiles.Broken.GetValueOrDefault(name) is { } broken)
            section.Error("profile", name, "this profile is broken.", $"Mend {broken}");
        else if (profile is null && name.Length > 0)
            section.Error("profile", name, "there is no such profile.", Advice(name, profiles));
        return new ModbusSettings(address, profile);
    }

    static string Advice(string name, ProfileLibrary profiles)
    {
        var near = Units.Nearest(name, [.. profiles.Names]) is { } best ? $"Did you mean {best}?" : $"Write one of {string.Join(", ", profiles.Names)}.";
        return profiles.Broken.Count == 0 ? near : $"{near} Files that could not be read: {string.Join(" ", profiles.Broken.Values)}";
    }
}
