using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Ranging;

/// <summary>Ultrasonic ranging modules that send by themselves each 100-300 ms.</summary>
static class A02Driver
{
    const double HeightMax = 10_000;

    static readonly SensorQuantity Distance = new("distance", "mm", A02Format.DistanceMin, A02Format.DistanceMax);

    public static Driver Driver { get; } = new()
    {
        Word = "a02yyuw",
        Summary = "Distance or level by ultrasound; sends some times a second.",
        Models = [new("DFRobot", "A02YYUW", "SEN0311 product wiki, UART output"), new("DFRobot", "ME007YS", "SEN0312 product wiki")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Keys = [new("mountHeight", "number", "", $"Height of the sensor above the floor, up to {HeightMax:F0}; with it the stream is level = height - distance.", "mm")],
        Quantities = [Distance],
        Read = Read,
        Loop = setup => setup.Talk(new FrameScript(new A02Format(((A02Settings)setup.Sensors[0].Options.Settings).MountHeight))
        {
            SilentAdvice = "check its supply, and that its RX is not pulled low (that makes it wait for a trigger).",
            ForeignAdvice = "check the baud rate (9600) and that this is an A02YYUW with UART output.",
        }),
    };

    static A02Settings Read(SettingsSection section, DriverLibraries libraries)
    {
        var height = section.Number("mountHeight", 0, 1, HeightMax);
        return section.Has("mountHeight") ? new A02Settings([new("level", "mm")], height) : new A02Settings([Distance], null);
    }
}
