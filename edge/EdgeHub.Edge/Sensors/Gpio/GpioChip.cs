using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>Opens the driver of one gpiochip.</summary>
/// <exception cref="LineException">There is no such chip or no way to it; the message says what to do.</exception>
public delegate GpioDriver OpenGpio(int chip);

/// <summary>Through libgpiod, the only way to the kernel's lines that is not deprecated: version 2 where it is installed, else version 1.</summary>
public static class GpioChip
{
    public static GpioDriver Open(int chip)
    {
        var path = $"/dev/gpiochip{chip}";
        if (DeviceNode.Find(path) is not { } node)
            throw new LineException(Condition.Waiting, $"waiting for {path}: this box has no such GPIO chip (gpiodetect lists those there are); everything else goes on.");
        try
        {
            return OpenLibrary(chip);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new LineException(Condition.Fault, "libgpiod is not installed: sudo apt install libgpiod2.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new LineException(Condition.Denied, $"{path} cannot be opened ({e.Message}): {PortAccess.Fix(path, node, "gpio")}", e);
        }
    }

    static GpioDriver OpenLibrary(int chip)
    {
        try
        {
            return new LibGpiodV2Driver(chip);
        }
        catch (GpiodException e) when (e.InnerException is DllNotFoundException)
        {
            return new LibGpiodDriver(chip);
        }
    }
}
