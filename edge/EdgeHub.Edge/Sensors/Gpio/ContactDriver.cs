using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// Contacts. One closed-loop line cannot tell a cut wire from an open door: both are an open circuit. What can is a second line, the
/// counterpart; or a resistor at the end of the line and an analog input (driver ads1115), which is no matter of this driver.
/// </summary>
static class ContactDriver
{
    static readonly TimeSpan HoldOffMax = TimeSpan.FromMinutes(10);

    public static Driver Driver { get; } = new()
    {
        Word = "gpio-input",
        Summary = "A contact: door, smoke relay, flood switch, tilt, motion. Reported at once when it changes, and each interval.",
        Models = [new("", "any contact", "linux GPIO character device, by libgpiod")],
        Ports = PortKinds.Gpio,
        Sharing = LineSharing.Gpio,
        Keys =
        [
            QuantityKey.Of("state"),
            new("counterpart", "whole number", "", "Line of the other side of a changeover contact, on the same chip: then a cut wire is a fault and not a state."),
            new("holdOff", "duration", "0s", "For motion detectors: how long it must be quiet before the state is 0 again, up to 10m."),
        ],
        Interval = TimeSpan.FromSeconds(60),
        TellsChanges = true,
        Read = Read,
        Loop = GpioLoop.Over,
    };

    static ContactSettings Read(SettingsSection section, DriverLibraries libraries)
    {
        var counterpart = section.Whole("counterpart", -1, 0, GpioPortUri.LineMax);
        return new ContactSettings(
            [new SensorQuantity(QuantityKey.Read(section, "state"), "1", 0, 1)],
            counterpart < 0 ? null : counterpart,
            section.Duration("holdOff", TimeSpan.Zero, TimeSpan.Zero, HoldOffMax));
    }
}
