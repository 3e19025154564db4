using System.Buffers.Binary;
using System.Globalization;
using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusRegisterTests
{
    public static TheoryData<string, RegisterType, WordOrder, double, double> Values => new()
    {
        { "0292", RegisterType.U16, WordOrder.Abcd, 0.1, 65.8 },
        { "9202", RegisterType.U16, WordOrder.Badc, 0.1, 65.8 },
        { "FF9B", RegisterType.I16, WordOrder.Abcd, 0.1, -10.1 },
        { "00FD", RegisterType.U16, WordOrder.Abcd, 0.1, 25.3 },
        { "0003", RegisterType.U16, WordOrder.Abcd, 0.1, 0.3 },
        { "FFFF", RegisterType.U16, WordOrder.Abcd, 1, 65535 },
        { "FE01", RegisterType.U8H, WordOrder.Abcd, 1, 254 },
        { "FE01", RegisterType.U8L, WordOrder.Abcd, 1, 1 },
        { "FE01", RegisterType.I8H, WordOrder.Abcd, 0.5, -1 },
        { "01FE", RegisterType.I8L, WordOrder.Abcd, 1, -2 },
        { "00012345", RegisterType.U32, WordOrder.Abcd, 1, 74565 },
        { "23450001", RegisterType.U32, WordOrder.Cdab, 1, 74565 },
        { "01004523", RegisterType.U32, WordOrder.Badc, 1, 74565 },
        { "45230100", RegisterType.U32, WordOrder.Dcba, 1, 74565 },
        { "FFFFFFFE", RegisterType.I32, WordOrder.Abcd, 0.01, -0.02 },
        { "0000000100000002", RegisterType.U64, WordOrder.Abcd, 0.001, 4294967.298 },
        { "0002000000010000", RegisterType.U64, WordOrder.Cdab, 0.001, 4294967.298 },
        { "0000010000000200", RegisterType.U64, WordOrder.Badc, 0.001, 4294967.298 },
        { "0200000001000000", RegisterType.U64, WordOrder.Dcba, 0.001, 4294967.298 },
        { "FFFFFFFFFFFFFFFD", RegisterType.I64, WordOrder.Abcd, 1, -3 },
        { "3555", RegisterType.F16, WordOrder.Abcd, 1, 0.3333 },
        { "C000", RegisterType.F16, WordOrder.Abcd, 1, -2 },
        { "4366199A", RegisterType.F32, WordOrder.Abcd, 1, 230.1 },
        { "199A4366", RegisterType.F32, WordOrder.Cdab, 1, 230.1 },
        { "66439A19", RegisterType.F32, WordOrder.Badc, 1, 230.1 },
        { "9A196643", RegisterType.F32, WordOrder.Dcba, 1, 230.1 },
        { "3DCCCCCD", RegisterType.F32, WordOrder.Abcd, 1, 0.1 },
        { "45141000", RegisterType.F32, WordOrder.Abcd, 0.1, 236.9 },
        { "400921FB54442D18", RegisterType.F64, WordOrder.Abcd, 1, 3.141592653589793 },
        { "2D18544421FB4009", RegisterType.F64, WordOrder.Cdab, 1, 3.141592653589793 },
        { "1234", RegisterType.Bcd16, WordOrder.Abcd, 0.01, 12.34 },
        { "00123456", RegisterType.Bcd32, WordOrder.Abcd, 0.01, 1234.56 },
        { "34560012", RegisterType.Bcd32, WordOrder.Cdab, 0.01, 1234.56 },
        { "0000000099999999", RegisterType.Bcd64, WordOrder.Abcd, 1, 99999999 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_the_exact_decimal(string hex, RegisterType type, WordOrder order, double scale, double expected) =>
        Assert.Equal((expected, Quality.Good), Register(type, order, (decimal)scale).Read(Convert.FromHexString(hex), 7));

    [Fact]
    public void Every_scaled_16_bit_value_equals_the_number_a_person_would_write()
    {
        var register = Register(RegisterType.U16, scale: 0.1m);
        for (var raw = 0; raw < 65536; raw++)
            Assert.Equal(double.Parse($"{raw / 10}.{raw % 10}", CultureInfo.InvariantCulture), register.Read([(byte)(raw >> 8), (byte)raw], 7).Value);
    }

    [Theory]
    [InlineData("FFFF", Quality.BadNoData)]
    [InlineData("7FFF", Quality.BadNoData)]
    [InlineData("03E9", Quality.BadOutOfRange)]
    [InlineData("03E8", Quality.Good)]
    public void A_sentinel_has_no_value_and_the_range_keeps_it(string hex, Quality expected)
    {
        var register = Register(RegisterType.U16, scale: 0.1m) with { NoData = [0x7FFF, 0xFFFF], Minimum = 0, Maximum = 100 };
        var (value, quality) = register.Read(Convert.FromHexString(hex), 7);
        Assert.Equal(expected, quality);
        Assert.Equal(quality.HasValue(), !double.IsNaN(value));
    }

    [Theory]
    [InlineData("7FC00000", RegisterType.F32)]
    [InlineData("7F800000", RegisterType.F32)]
    [InlineData("7E00", RegisterType.F16)]
    [InlineData("FFF0000000000000", RegisterType.F64)]
    [InlineData("00A0", RegisterType.Bcd16)]
    [InlineData("FFFFFFFF", RegisterType.Bcd32)]
    public void A_float_that_is_no_number_and_a_digit_that_is_none_are_no_data(string hex, RegisterType type) =>
        Assert.Equal(Quality.BadNoData, Register(type).Read(Convert.FromHexString(hex), 7).Quality);

    [Theory]
    [InlineData("A5F0", 0xF000, 10)]
    [InlineData("A5F0", 0x0F00, 5)]
    [InlineData("8000", 0x8000, 1)]
    [InlineData("7FFF", 0x8000, 0)]
    public void A_mask_cuts_a_bit_field_out_and_moves_it_down(string hex, int mask, double expected) =>
        Assert.Equal((expected, Quality.Good), (Register(RegisterType.U16) with { Mask = (ulong)mask }).Read(Convert.FromHexString(hex), 7));

    [Theory]
    [InlineData("0000", 0, Quality.Good)]
    [InlineData("0003", 1, Quality.Good)]
    [InlineData("0002", 2, Quality.BadOutOfRange)]
    public void A_code_is_what_it_stands_for_and_an_unknown_one_is_out_of_range(string hex, double expected, Quality quality)
    {
        var register = Register(RegisterType.U16) with { Codes = new SortedDictionary<ulong, double> { [0] = 0, [3] = 1 } };
        Assert.Equal((expected, quality), register.Read(Convert.FromHexString(hex), 7));
    }

    [Fact]
    public void Data_that_do_not_reach_so_far_are_no_data_and_no_exception()
    {
        foreach (var type in Enum.GetValues<RegisterType>())
            for (var length = 0; length < type.Count() * 2; length++)
                if (type != RegisterType.Bit || length == 0)
                    Assert.Equal(Quality.BadNoData, Register(type).Read(new byte[length], 7).Quality);
        Assert.Equal(Quality.BadNoData, Register(RegisterType.U16).Read(new byte[8], 8).Quality);
    }

    // The judge turns the words over itself, from the definition of the four orders.
    [Fact]
    public void Whatever_the_order_the_words_turned_back_are_the_number() =>
        Gen.Select(Gen.ULong, Gen.Enum<WordOrder>(), Gen.OneOfConst(1, 2, 4)).Sample((number, order, words) =>
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            var wire = bytes[^(words * 2)..].Chunk(2).ToList();
            if (order is WordOrder.Cdab or WordOrder.Dcba)
                wire.Reverse();
            if (order is WordOrder.Badc or WordOrder.Dcba)
                wire = wire.ConvertAll(word => (byte[])[word[1], word[0]]);
            var type = words == 1 ? RegisterType.U16 : words == 2 ? RegisterType.U32 : RegisterType.U64;
            var expected = words == 4 ? number : number & ((1UL << (words * 16)) - 1);
            return Register(type, order).Read(wire.SelectMany(word => word).ToArray(), 7).Value == (double)(decimal)expected;
        }, iter: 20_000);

    [Trait("kind", "fuzz")]
    [Fact]
    public void Any_bytes_in_any_register_are_a_value_or_have_a_reason() =>
        Gen.Select(Gen.Byte.Array[0, 10], Gen.Enum<RegisterType>(), Gen.Enum<WordOrder>(), Gen.Decimal[-1_000_000m, 1_000_000m], Gen.Decimal[-1_000_000_000m, 1_000_000_000m], Gen.Int[0, 9])
            .Sample((bytes, type, order, scale, offset, first) =>
            {
                var register = Register(type, order, scale) with { Offset = offset, NoData = [0x7FFF], Minimum = -1000, Maximum = 1000 };
                var (value, quality) = register.Read(bytes, first);
                return double.IsFinite(value) == quality.HasValue();
            }, iter: DecoderCases.Count);

    static ModbusRegister Register(RegisterType type, WordOrder order = WordOrder.Abcd, decimal scale = 1) =>
        new() { Quantity = "x", Unit = "1", Address = 7, Type = type, Order = order, Scale = scale };
}
