using System.Globalization;

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary><c>i2c:BUS/ADDRESS</c>, such as <c>i2c:1/0x76</c>: the address in hexadecimal as datasheets and i2cdetect print it.</summary>
/// <param name="Bus">Number of /dev/i2c-N.</param>
/// <param name="Address">7 bits, 0x08-0x77.</param>
public sealed record I2cPortUri(int Bus, int Address) : PortUri($"i2c:{Bus}")
{
    const int AddressMin = 0x08; // I2C-bus specification UM10204, 3.1.12: the rest is reserved.
    const int AddressMax = 0x77;

    public override PortKinds Kind => PortKinds.I2c;

    public override string Place => ToString();

    public override bool IsSetLike(PortUri other) => other is I2cPortUri;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"i2c:{Bus}/0x{Address:x2}");

    internal static I2cPortUri Read(string place, PortQuery query)
    {
        int bus = 0, address = 0;
        if (place.Split('/') is not [var first, ['0', 'x', .. var digits]]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out bus) || bus > 255
            || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address) || address is < AddressMin or > AddressMax)
            query.Fail("this names no bus and address.", "Write i2c:1/0x76 for address 0x76 on /dev/i2c-1 (i2cdetect -y 1 lists what answers).");
        return new I2cPortUri(bus, address);
    }
}
