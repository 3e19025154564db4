using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Plantower;

/// <summary>
/// The Plantower family. In active mode it sends by itself; in passive mode it is asked, and may sleep in between (fan and laser
/// off), which its laser of some 8000 hours needs where a value each few minutes is enough.
/// Source: PMS5003 series data manual V2.3, appendix II (commands) and 2 ("stable data after 30 seconds").
/// </summary>
static class PlantowerDriver
{
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    static readonly byte[] Read = Convert.FromHexString("424DE200000171");
    static readonly byte[] Passive = Convert.FromHexString("424DE100000170");
    static readonly byte[] Active = Convert.FromHexString("424DE100010171");
    static readonly byte[] Sleep = Convert.FromHexString("424DE400000173");
    static readonly byte[] Wake = Convert.FromHexString("424DE400010174");

    public static Driver Pms5003 { get; } = Of("pms5003", PlantowerModel.Pms5003, "Particulate matter by laser scattering, with particle counts.", [new("Plantower", "PMS5003", "PMS5003 series data manual V2.3"), new("Plantower", "PMS7003", "PMS7003 series data manual V2.5"), new("Plantower", "PMSA003", "PMSA003 series data manual V2.6")]);

    public static Driver Pms3003 { get; } = Of("pms3003", PlantowerModel.Pms3003, "Particulate matter by laser scattering.", [new("Plantower", "PMS3003", "PMS3003 data manual")]);

    public static Driver Pms5003St { get; } = Of("pms5003st", PlantowerModel.Pms5003St, "Particulate matter by laser scattering, with particle counts, formaldehyde, temperature and humidity.", [new("Plantower", "PMS5003ST", "PMS5003ST data manual V2.0")]);

    static Driver Of(string word, PlantowerModel model, string summary, IReadOnlyList<DriverModel> models) => new()
    {
        Word = word,
        Summary = summary,
        Models = models,
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Keys = PollKeys.Keys,
        Quantities = model.Streams,
        WarmUp = Settle,
        Read = (section, _) => PollKeys.Read(section, model.Streams, $"Plantower {model.Name}", Settle),
        Loop = setup => setup.Talk(Script(model, (PollSettings)setup.Sensors[0].Options.Settings)),
    };

    static FrameScript Script(PlantowerModel model, PollSettings settings) => new(new PlantowerFormat(model))
    {
        WarmUp = Settle,
        Opening = settings.IsPolled ? [Wake, Passive] : [Wake, Active],
        Request = settings.IsPolled ? Read : null,
        Rest = settings.Sleeps ? (Wake, Sleep) : null,
        Settle = Settle,
        SilentAdvice = "check its 5 V supply, the wiring of TX, and that SET is not low.",
        ForeignAdvice = $"check the baud rate (9600) and that this is a {model.Name}.",
    };
}
