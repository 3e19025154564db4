namespace EdgeHub.Edge.Sensors.Gpio;

static class OutputDriver
{
    static readonly TimeSpan LongestOnMax = TimeSpan.FromHours(24);

    public static Driver Driver { get; } = new()
    {
        Word = "gpio-output",
        Summary = "A relay or siren with a safe state, in which it is at start, at stop and after its longest time on. Its state is reported.",
        Models = [new("", "any relay board", "linux GPIO character device, by libgpiod")],
        Ports = PortKinds.Gpio,
        Sharing = LineSharing.Gpio,
        Keys =
        [
            QuantityKey.Of("state"),
            new("safe", "true or false", "false", "The safe state: false is off."),
            new("longestOn", "duration", "0s", "After so long out of its safe state it goes back by itself, up to 24h; 0s for never."),
        ],
        Interval = TimeSpan.FromSeconds(60),
        TellsChanges = true,
        Read = (section, _) => new OutputSettings([new SensorQuantity(QuantityKey.Read(section, "state"), "1", 0, 1)], section.Flag("safe", false), section.Duration("longestOn", TimeSpan.Zero, TimeSpan.Zero, LongestOnMax)),
        Loop = GpioLoop.Over,
    };
}
