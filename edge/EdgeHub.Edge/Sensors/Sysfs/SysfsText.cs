using System.Globalization;

namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>What the files of one channel say, in our unit. Source: linux Documentation/ABI/testing/sysfs-bus-iio (raw, offset, scale, input) and hwmon/sysfs-interface. Pure and total.</summary>
static class SysfsText
{
    /// <param name="read">The text of a file of the chip; null where there is none.</param>
    /// <returns>Null where no file holds a number.</returns>
    public static double? Value(SysfsKind kind, SysfsChannel channel, Func<string, string?> read)
    {
        if (kind == SysfsKind.Hwmon)
            return channel.Hwmon.Length > 0 ? Finite(Number(read(channel.Hwmon)) * channel.Factor) : null;
        if (Number(read(channel.Iio + "_input")) is { } input)
            return Finite(input * channel.Factor);
        if (Number(read(channel.Iio + "_raw")) is not { } raw)
            return null;
        return Finite((raw + (Number(read(channel.Iio + "_offset")) ?? 0)) * (Number(read(channel.Iio + "_scale")) ?? 1) * channel.Factor);
    }

    static double? Number(string? text) => double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number, 4) : null;
}
