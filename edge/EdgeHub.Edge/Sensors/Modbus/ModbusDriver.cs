using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Standby;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Modbus;

static class ModbusDriver
{
    const int AddressMax = 247; // Modbus over Serial Line V1.02, 2.2
    const int AddressOfTcpItself = 255; // Modbus Messaging on TCP/IP V1.0b, 4.4.1.1

    public static Driver Driver { get; } = new()
    {
        Word = "modbus",
        Summary = "Any Modbus slave that a profile describes, on a serial line, behind a converter or over Modbus TCP; asked in turn, never written to.",
        Models = [new("", "any Modbus slave", "Modbus Application Protocol V1.1b3, Modbus over Serial Line V1.02, Modbus Messaging on TCP/IP V1.0b")],
        Ports = PortKinds.Serial | PortKinds.Tcp | PortKinds.ModbusTcp,
        Sharing = LineSharing.Bus,
        Keys =
        [
            new("address", "whole number", null, "The slave's address, 1 to 247; over Modbus TCP also 255, the instrument itself."),
            new("profile", "text", null, "What its registers mean: a built-in profile, or a file of modbus.profilesDirectory."),
            Fingerprint.Of("what edgehub scan modbus writes of the slave"),
        ],
        Read = Read,
        Loop = setup => setup.Loop(setup.Options.Standby.FirstOrDefault(line => line.PortKey == setup.Uri.Key) is { } shared ? new StandbyTalk(setup, shared) : new BusTalk(setup)),
    };

    static ModbusSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var profiles = libraries.Profiles;
        var address = section.Whole("address", 0, 1, AddressOfTcpItself);
        if (address is > AddressMax and < AddressOfTcpItself)
            section.Error("address", $"{address}", "this address is reserved.", $"Write the slave's address, 1 to {AddressMax}.");
        if (!section.Has("address"))
            section.Error("address", null, "this key is required.", $"Write the slave's address, 1 to {AddressMax}.");
        var name = section.Text("profile", null, $"Write one of {string.Join(", ", profiles.Names)}.");
        var profile = profiles.Find(name);
        if (profiles.Broken.GetValueOrDefault(name) is { } broken)
            section.Error("profile", name, "this profile is broken.", $"Mend {broken}");
        else if (profile is null && name.Length > 0)
            section.Error("profile", name, "there is no such profile.", Advice(name, profiles));
        return new ModbusSettings(address, profile, Fingerprint.Read(section));
    }

    static string Advice(string name, ProfileLibrary profiles)
    {
        var near = Units.Nearest(name, [.. profiles.Names]) is { } best ? $"Did you mean {best}?" : $"Write one of {string.Join(", ", profiles.Names)}.";
        return profiles.Broken.Count == 0 ? near : $"{near} Files that could not be read: {string.Join(" ", profiles.Broken.Values)}";
    }
}
