using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Nova;

/// <summary>
/// Nova SDS011 and SDS021. Its laser lives some 8000 hours: sleeping between questions is what makes it last a year and more.
/// Source: SDS011 laser dust sensor control protocol V1.3; SDS011 specification V1.3 (range 0.0-999.9, 30 s to settle).
/// </summary>
static class Sds011Driver
{
    const double MassMax = 999.9;
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    static readonly IReadOnlyList<SensorQuantity> Streams = [new("pm2_5", "ug/m3", 0, MassMax), new("pm10", "ug/m3", 0, MassMax)];
    static readonly byte[] Query = Command(0x04);
    static readonly byte[] Active = Command(0x02, 1, 0);
    static readonly byte[] Passive = Command(0x02, 1, 1);
    static readonly byte[] Sleep = Command(0x06, 1, 0);
    static readonly byte[] Wake = Command(0x06, 1, 1);

    public static Driver Driver { get; } = new()
    {
        Word = "sds011",
        Summary = "Particulate matter by laser scattering.",
        Models = [new("Nova Fitness", "SDS011", "Laser dust sensor control protocol V1.3"), new("Nova Fitness", "SDS021", "Laser dust sensor control protocol V1.3")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Keys = [.. PollKeys.Keys, Fingerprint.Of("the device's id as edgehub scan serial writes it, such as A160")],
        Quantities = Streams,
        WarmUp = Settle,
        Read = (section, _) => PollKeys.Read(section, Streams, "Nova SDS011", Settle) with { Fingerprint = Fingerprint.Read(section) },
        Loop = setup => setup.Talk(Script((PollSettings)setup.Sensors[0].Options.Settings)),
    };

    static FrameScript Script(PollSettings settings) => new(new Sds011Format())
    {
        WarmUp = Settle,
        Opening = settings.IsPolled ? [Wake, Passive] : [Wake, Active],
        Request = settings.IsPolled ? Query : null,
        Rest = settings.Sleeps ? (Wake, Sleep) : null,
        Settle = Settle,
        Fingerprint = settings.Fingerprint,
        SilentAdvice = "check its 5 V supply and the wiring of TX; a sensor set to a working period of minutes is silent in between.",
        ForeignAdvice = "check the baud rate (9600) and that this is an SDS011.",
    };

    // To whichever device is there (id FF FF).
    static byte[] Command(params ReadOnlySpan<byte> data)
    {
        var command = new byte[19];
        command[0] = 0xAA;
        command[1] = 0xB4;
        data.CopyTo(command.AsSpan(2));
        command[15] = command[16] = 0xFF;
        command[17] = (byte)Sums.Sum(command.AsSpan(2, 15));
        command[18] = 0xAB;
        return command;
    }
}
