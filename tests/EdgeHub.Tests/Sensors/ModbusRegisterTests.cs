using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusRegisterTests
{
    public static TheoryData<string, RegisterType, WordOrder, double, double> Values => new()
    {
        { "0292", RegisterType.U16, WordOrder.Abcd, 0.1, 65.8 },
        { "FF9B", RegisterType.I16, WordOrder.Abcd, 0.1, -10.1 },
        { "00FD", RegisterType.U16, WordOrder.Abcd, 0.1, 25.3 },
        { "0003", RegisterType.U16, WordOrder.Abcd, 0.1, 0.3 },
        { "FFFF", RegisterType.U16, WordOrder.Abcd, 1, 65535 },
        { "00012345", RegisterType.U32, WordOrder.Abcd, 1, 74565 },
        { "23450001", RegisterType.U32, WordOrder.Cdab, 1, 74565 },
        { "01004523", RegisterType.U32, WordOrder.Badc, 1, 74565 },
        { "45230100", RegisterType.U32, WordOrder.Dcba, 1, 74565 },
        { "FFFFFFFE", RegisterType.I32, WordOrder.Abcd, 0.01, -0.02 },
        { "4366199A", RegisterType.F32, WordOrder.Abcd, 1, 230.1 },
        { "199A4366", RegisterType.F32, WordOrder.Cdab, 1, 230.1 },
        { "3DCCCCCD", RegisterType.F32, WordOrder.Abcd, 1, 0.1 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_the_exact_decimal(string hex, RegisterType type, WordOrder order, double scale, double expected)
    {
        var register = new ModbusRegister("x", "1", 7, type, order, (decimal)scale, 0, null, double.NegativeInfinity, double.PositiveInfinity);
        Assert.Equal((expected, Quality.Good), register.Read(Convert.FromHexString(hex), 7));
    }

    [Fact]
    public void Every_scaled_16_bit_value_equals_the_number_a_person_would_write()
    {
        var register = new ModbusRegister("x", "1", 0, RegisterType.U16, WordOrder.Abcd, 0.1m, 0, null, double.NegativeInfinity, double.PositiveInfinity);
        for (var raw = 0; raw < 65536; raw++)
            Assert.Equal(double.Parse($"{raw / 10}.{raw % 10}", System.Globalization.CultureInfo.InvariantCulture), register.Read([(byte)(raw >> 8), (byte)raw], 0).Value);
    }

    [Theory]
    [InlineData("FFFF", Quality.BadNoData)]
    [InlineData("03E9", Quality.BadOutOfRange)]
    [InlineData("03E8", Quality.Good)]
    public void The_sentinel_has_no_value_and_the_range_keeps_it(string hex, Quality expected)
    {
        var register = new ModbusRegister("humidity", "%", 0, RegisterType.U16, WordOrder.Abcd, 0.1m, 0, 0xFFFF, 0, 100);
        var (value, quality) = register.Read(Convert.FromHexString(hex), 0);
        Assert.Equal(expected, quality);
        Assert.Equal(quality.HasValue(), !double.IsNaN(value));
    }

    [Theory]
    [InlineData("7FC00000")]
    [InlineData("7F800000")]
    public void A_float_that_is_no_number_is_no_data(string hex) =>
        Assert.Equal(Quality.BadNoData, new ModbusRegister("x", "1", 0, RegisterType.F32, WordOrder.Abcd, 1, 0, null, double.NegativeInfinity, double.PositiveInfinity).Read(Convert.FromHexString(hex), 0).Quality);

    [Fact]
    public void Any_bytes_in_any_register_are_a_value_or_have_a_reason() =>
        Gen.Select(Gen.Byte.Array[4], Gen.Enum<RegisterType>(), Gen.Enum<WordOrder>(), Gen.Decimal[-1_000_000m, 1_000_000m], Gen.Decimal[-1_000_000_000m, 1_000_000_000m])
            .Sample((bytes, type, order, scale, offset) =>
            {
                var (value, quality) = new ModbusRegister("x", "1", 0, type, order, scale, offset, 0x7FFF, -1000, 1000).Read(bytes, 0);
                return double.IsFinite(value) == quality.HasValue();
            }, iter: 20_000);
}
