using System.Globalization;
using EdgeHub.Edge.Sensors.Gpio;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>gpio:CHIP/LINE?debounce=50ms&amp;edge=rising&amp;invert=false&amp;pull=none</c>.</summary>
/// <param name="Chip">Number of the gpiochip.</param>
/// <param name="Line">Offset of the line on its chip; on a Raspberry Pi the BCM number.</param>
/// <param name="Debounce">How long a level must stand before it counts.</param>
/// <param name="Edge">Which settled edge a counter counts; an input reports both.</param>
/// <param name="Invert">True where a low level means 1.</param>
public sealed record GpioPortUri(int Chip, int Line, TimeSpan Debounce, PulseEdge Edge, bool Invert, GpioPull Pull) : PortUri($"gpio:{Chip}")
{
    /// <summary>The highest offset of a line.</summary>
    public const int LineMax = 4095;

    static readonly TimeSpan DebounceDefault = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan DebounceMax = TimeSpan.FromMinutes(1);

    public override PortKinds Kind => PortKinds.Gpio;

    public override string Place => ToString();

    // The lines of a chip are set each by itself.
    public override bool IsSetLike(PortUri other) => other is GpioPortUri;

    public override string ToString() => $"gpio:{Chip}/{Line}";

    internal static GpioPortUri Read(string place, PortQuery query)
    {
        var parts = place.Split('/');
        int chip = 0, line = 0;
        if (parts.Length != 2 || !Number(parts[0], 255, out chip) || !Number(parts[1], LineMax, out line))
            query.Fail("this names no chip and line.", "Write gpio:0/17 for line 17 of /dev/gpiochip0.");
        return new GpioPortUri(
            chip,
            line,
            query.Duration("debounce", DebounceDefault, DebounceMax),
            query.Choice("edge", PulseEdge.Rising, ("rising", PulseEdge.Rising), ("falling", PulseEdge.Falling), ("both", PulseEdge.Both)),
            query.Choice("invert", false, ("false", false), ("true", true)),
            query.Choice("pull", GpioPull.None, ("none", GpioPull.None), ("up", GpioPull.Up), ("down", GpioPull.Down)));
    }

    static bool Number(string text, int maximum, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= maximum;
}
