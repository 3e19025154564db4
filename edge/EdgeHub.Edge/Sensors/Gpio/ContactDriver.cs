namespace EdgeHub.Edge.Sensors.Gpio;

static class ContactDriver
{
    public static Driver Driver { get; } = new()
    {
        Word = "gpio-input",
        Summary = "A contact: door, smoke relay, flood switch. Reported at once when it changes, and each interval.",
        Models = [new("", "any contact", "linux GPIO character device, by libgpiod")],
        Ports = PortKinds.Gpio,
        Sharing = LineSharing.Gpio,
        Keys = [QuantityKey.Of("state")],
        Interval = TimeSpan.FromSeconds(60),
        Read = (section, _) => new DriverSettings([new SensorQuantity(QuantityKey.Read(section, "state"), "1", 0, 1)]),
        Loop = GpioLoop.Over,
    };
}
