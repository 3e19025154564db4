using System.Globalization;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>What a run says of one device.</summary>
/// <param name="Id">The device's id.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Address">The address on a shared bus, as its protocol writes it.</param>
/// <param name="Pace">The time between two frames of a streaming device; null takes the device's own.</param>
/// <param name="Time">What a device that tells the time says.</param>
public sealed record DoubleSettings(string Id, ulong Seed, string? Address, TimeSpan? Pace, TimeProvider Time)
{
    /// <summary>Reads the address of a Modbus slave.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public byte ModbusAddress() => byte.TryParse(Address, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 247
        ? number
        : throw new FormatException($"'{Address}' is no address of a Modbus slave; write a number from 1 to 247.");
}
