using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Dlt645;

static class Dlt645Driver
{
    const string KindDefault = "single-phase";

    static readonly string Kinds = string.Join(", ", Dlt645Meters.Kinds.Keys);

    public static Driver Driver { get; } = new()
    {
        Word = "dlt645",
        Summary = "Electricity meters of DL/T 645-2007; asked in turn, never written to.",
        Models = [new("", "any DL/T 645-2007 meter", "DL/T 645-2007")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Serial = SerialDefaults.Meter,
        Sharing = LineSharing.Bus,
        Interval = TimeSpan.FromSeconds(60),
        Keys =
        [
            new("address", "text", null, "The meter's address: the 12 digits on its plate."),
            new("meter", Kinds, KindDefault, "What to read of it."),
        ],
        Read = Read,
        Loop = setup => setup.Loop(new BusTalk(setup)),
    };

    static Dlt645Settings Read(SettingsSection section, DriverLibraries libraries)
    {
        const string fix = "Write the 12 digits on its plate, in quotes.";
        var text = section.Text("address", null, fix);
        var address = Bcd.Parse(text, Dlt645Frames.AddressBytes);
        if (address is null && text.Length > 0)
            section.Error("address", text, "this is no address of a meter.", fix);
        var kind = section.Text("meter", KindDefault, $"Write one of {Kinds}.");
        if (!Dlt645Meters.Kinds.TryGetValue(kind, out var items))
            section.Error("meter", kind, "there is no such kind of meter.", $"Write one of {Kinds}.");
        return new Dlt645Settings(address, text, items ?? Dlt645Meters.Kinds[KindDefault]);
    }
}
