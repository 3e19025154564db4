using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Edge.Sensors.Nmea;

static class NmeaDriver
{
    public static Driver Driver { get; } = new()
    {
        Word = "nmea",
        Summary = "Satellite receiver: position, speed, and the time for the box's clock; sends by itself.",
        Models = [new("", "any NMEA 0183 receiver", "NMEA 0183 V4.10"), new("ZHONGKEWEI", "ATGM336H", "ATGM336H-5N user manual"), new("Unicore", "UM220", "UM220 protocol specification")],
        Ports = PortKinds.Serial | PortKinds.Tcp,
        Quantities = Gnss.Streams,
        Read = (_, _) => new DriverSettings(Gnss.Streams, "NMEA 0183 receiver"),
        Loop = setup => setup.Talk(new FrameScript(new NmeaFormat())
        {
            SilentAdvice = "check its supply and the wiring of TX.",
            ForeignAdvice = "check the baud rate (mostly 9600, some 4800, 38400 or 115200).",
        }),
    };
}
