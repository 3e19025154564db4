using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Winsen;

/// <summary>
/// Winsen MH-Z19B and C. Its self-calibration takes the lowest value of a day for fresh air, which is wrong wherever no fresh air
/// comes; the factory has it on. So it is switched off at each opening unless the configuration asks for it, and the commands that
/// calibrate at once (87, 88) do not exist here. Source: MH-Z19B user's manual V1.6 (commands; preheat 3 min; 0-10000 ppm).
/// </summary>
static class MhZ19Driver
{
    const byte On = 0xA0;
    static readonly TimeSpan Preheat = TimeSpan.FromSeconds(180);
    static readonly IReadOnlyList<SensorQuantity> Streams = [new("co2", "[ppm]", 0, 10_000)];

    public static Driver Driver { get; } = new()
    {
        Word = "mh-z19",
        Summary = "Carbon dioxide by infrared absorption; asked each interval.",
        Models = [new("Winsen", "MH-Z19B", "MH-Z19B user's manual V1.6"), new("Winsen", "MH-Z19C", "MH-Z19C user's manual V1.0")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Keys = [new("selfCalibration", "true or false", "false", "Whether the sensor may take the lowest value of each day for fresh air (400 ppm); right only where fresh air comes daily.")],
        Quantities = Streams,
        WarmUp = Preheat,
        Interval = TimeSpan.FromSeconds(5),
        Read = (section, _) => new MhZ19Settings(Streams, section.Flag("selfCalibration", false)),
        Loop = setup => setup.Talk(Script((MhZ19Settings)setup.Sensors[0].Options.Settings)),
    };

    static FrameScript Script(MhZ19Settings settings) => new(new MhZ19Format())
    {
        WarmUp = Preheat,
        Opening = [WinsenFrame.Command(MhZ19Format.SelfCalibration, settings.SelfCalibration ? On : (byte)0)],
        Request = WinsenFrame.Command(WinsenFrame.Answer),
        SilentAdvice = "check its 5 V supply and that its TX and RX are crossed.",
        ForeignAdvice = "check the baud rate (9600) and that this is an MH-Z19.",
    };
}
