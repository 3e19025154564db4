using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Processes;

/// <summary>
/// The seam for code in any language: a program of one's own that prints a line of JSON for each measurement. It is started with the
/// daemon and started again when it ends, is limited in what it prints, and what it says on standard error is in the daemon's log.
/// Standard input gets one line that names the sensor, and ends when the daemon does: a program that reads it ends with the daemon.
/// </summary>
static class ProcessDriver
{
    const int QuantitiesMax = 64;
    const int ArgumentsMax = 64;
    const double RangeMax = 1e12;

    public static Driver Driver { get; } = new()
    {
        Word = "process",
        Summary = "A program of your own that prints a line of JSON for each measurement.",
        Models = [new("", "whatever the program reads", "docs/drivers.md, \"A driver in a process of its own\"")],
        Ports = PortKinds.None,
        Keys =
        [
            new("command", "list of texts", null, "The program and its arguments; no shell looks at them."),
            new("quantities", "list", null, "What it measures: a list of { quantity, unit, minimum, maximum }."),
            new("lineMax", "size", "4KiB", "The longest line, 64 bytes to 64KiB; longer ones are rejected.", "By"),
            new("rateMax", "size", "64KiB", "What it may print in a second, 1KiB to 1MiB; more makes it wait.", "By/s"),
            new("memoryMax", "size", "", "Its address space, from 16MiB (by prlimit of util-linux); without it there is no limit.", "By"),
            new("silenceAfter", "duration", "30s", "Without a line for so long it is silent, 1s to 24h."),
        ],
        Read = Read,
        Loop = setup =>
        {
            var settings = (ProcessSettings)setup.Sensors[0].Options.Settings;
            var program = new ProgramOpener(setup.Sensors[0].Options, settings, setup.Time, setup.Logger);
            return setup.Loop(new ListenTalk(Script(settings), setup), program.OpenAsync);
        },
    };

    static FrameScript Script(ProcessSettings settings) => new(new ProcessFormat(settings.Streams, settings.LineMax))
    {
        SilenceAfter = settings.SilenceAfter,
        SilentAdvice = "the program runs and prints nothing; look at what it says in the log.",
        ForeignAdvice = "the program prints lines that are not as docs/drivers.md says, or quantities that are not configured.",
    };

    static ProcessSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var command = section.Texts("command", ArgumentsMax);
        if (command.Count == 0 || command[0].Length == 0)
            section.Error("command", null, "this key is required.", """Write a list such as ["/usr/local/bin/my-sensor", "--fast"].""");
        var streams = new List<SensorQuantity>();
        foreach (var entry in section.List("quantities", QuantitiesMax))
            streams.Add(ReadQuantity(entry));
        if (streams.Count == 0)
            section.Error("quantities", null, "this key is required.", """Write a list such as [{ "quantity": "no2", "unit": "[ppb]" }].""");
        if (streams.DistinctBy(stream => stream.Quantity).Count() != streams.Count)
            section.Error("quantities", null, "a quantity stands twice.", "Give each a name of its own.");
        return new ProcessSettings(
            streams,
            command,
            (int)section.Bytes("lineMax", 4 << 10, 64, 64 << 10),
            (int)section.Bytes("rateMax", 64 << 10, 1 << 10, 1 << 20),
            section.Bytes("memoryMax", 0, 16 << 20, 1L << 40),
            section.Duration("silenceAfter", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)));
    }

    static SensorQuantity ReadQuantity(SettingsSection entry)
    {
        var quantity = entry.Text("quantity", null, "Write a name of a-z, 0-9 and underscores.");
        if (quantity.Length > 0 && !Identifiers.IsQuantity(quantity))
            entry.Error("quantity", quantity, "this is no name of a quantity.", "Write a name of a-z, 0-9 and underscores, at most 64 characters.");
        var unit = entry.Text("unit", "1");
        var minimum = entry.Has("minimum") ? entry.Number("minimum", 0, -RangeMax, RangeMax) : double.NegativeInfinity;
        var maximum = entry.Has("maximum") ? entry.Number("maximum", 0, -RangeMax, RangeMax) : double.PositiveInfinity;
        entry.RejectUnknown();
        return new SensorQuantity(quantity, unit, minimum, maximum);
    }
}
