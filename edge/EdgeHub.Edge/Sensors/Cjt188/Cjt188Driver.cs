using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Cjt188;

static class Cjt188Driver
{
    internal const string LowFirst = "low-first";
    internal const string HighFirst = "high-first";
    const string KindDefault = "cold-water";

    static readonly string Kinds = string.Join(", ", Cjt188Kind.All.Keys);

    public static Driver Driver { get; } = new()
    {
        Word = "cjt188",
        Summary = "Water, heat and gas meters of CJ/T 188; asked in turn, never written to.",
        Models = [new("", "any CJ/T 188 meter", "CJ/T 188-2004 and 188-2018; units other than 2C and the layout of heat meters from the standard's tables alone")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Serial = SerialDefaults.Meter,
        Sharing = LineSharing.Bus,
        Interval = TimeSpan.FromSeconds(60),
        Keys =
        [
            new("address", "text", null, "The meter's address: the 14 digits on its plate."),
            new("meter", Kinds, KindDefault, "What kind of meter it is."),
            new("order", $"{LowFirst}, {HighFirst}", LowFirst, "Which byte of the identifier goes out first: low-first (1F 90) since the standard of 2018 and with some makers before it, high-first (90 1F) of 2004."),
        ],
        Read = Read,
        Loop = setup => setup.Loop(new BusTalk(setup)),
    };

    static Cjt188Settings Read(SettingsSection section, DriverLibraries libraries)
    {
        const string fix = "Write the 14 digits on its plate, in quotes.";
        var text = section.Text("address", null, fix);
        var address = Bcd.Parse(text, Cjt188Frames.AddressBytes);
        if (address is null && text.Length > 0)
            section.Error("address", text, "this is no address of a meter.", fix);
        var word = section.Text("meter", KindDefault, $"Write one of {Kinds}.");
        if (!Cjt188Kind.All.TryGetValue(word, out var kind))
            section.Error("meter", word, "there is no such kind of meter.", $"Write one of {Kinds}.");
        var order = section.Text("order", LowFirst);
        if (order is not (LowFirst or HighFirst))
            section.Error("order", order, "this is not one of the choices.", $"Write {LowFirst} or {HighFirst}.");
        return new Cjt188Settings(address, text, kind ?? Cjt188Kind.All[KindDefault], order != HighFirst);
    }
}
