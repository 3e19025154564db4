using System.Device.I2c;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Sensirion;

/// <summary>The number that each part of Sensirion's bears from the factory: whether it is the one that was configured.</summary>
/// <param name="words">Words of the number.</param>
/// <param name="wanted">Its hexadecimal digits; empty where any part will do, which is then not asked.</param>
sealed class SerialNumber(byte[] command, int words, string wanted)
{
    static readonly TimeSpan Obeying = TimeSpan.FromMilliseconds(2);

    /// <exception cref="LineException">It is another part; the message says which.</exception>
    public async Task CheckAsync(I2cDevice device, I2cPart.Wait wait)
    {
        if (wanted.Length == 0)
            return;
        device.Write(command);
        await wait(Obeying);
        var bytes = new byte[words * 3];
        device.Read(bytes);
        if (SensirionWords.Read(bytes) is not { } number)
            throw new LineException(Condition.Fault, "its serial number has a wrong checksum: shorten the cable, check pull-ups and supply.");
        var found = string.Concat(number.Select(word => word.ToString("X4", System.Globalization.CultureInfo.InvariantCulture)));
        if (!found.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            throw new LineException(Condition.Fault, Fingerprint.Other(found, wanted));
    }
}
