using System.Globalization;
using CsCheck;
using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Tests.Sensors.Buses;

public sealed class BcdTests
{
    [Theory]
    [InlineData("78563412", 2, false, "123456.78")]
    [InlineData("9423", 1, false, "239.4")]
    [InlineData("342180", 4, true, "-0.2134")]
    [InlineData("342100", 4, true, "0.2134")]
    [InlineData("000080", 4, true, "0.0000")]
    [InlineData("56341290", 2, false, "901234.56")]
    public void Digits_are_read_low_byte_first_with_their_point_and_sign(string hex, int decimals, bool hasSign, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Bcd.Read(Convert.FromHexString(hex), decimals, hasSign));

    [Theory]
    [InlineData("0A00")]
    [InlineData("A000")]
    [InlineData("FFFF")]
    [InlineData("")]
    [InlineData("00000000000000")]
    public void What_is_no_number_is_none(string hex) => Assert.Null(Bcd.Read(Convert.FromHexString(hex), 0, hasSign: false));

    [Fact]
    public void Any_number_written_low_first_is_read_back() =>
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Int[0, 6], Gen.Bool).Sample((number, decimals, negative) =>
        {
            var digits = Bcd.Parse(number.ToString("D12", CultureInfo.InvariantCulture), 6)!;
            var minus = negative && number < 800_000_000_000;
            if (minus)
                digits[^1] |= 0x80;
            var expected = number / (decimal)Math.Pow(10, decimals);
            return Bcd.Read(digits, decimals, minus) == (minus ? -expected : expected) && (minus || Bcd.Format(digits) == number.ToString("D12", CultureInfo.InvariantCulture));
        });

    [Theory]
    [InlineData("12345678901")]
    [InlineData("1234567890123")]
    [InlineData("12345678901A")]
    public void An_address_that_is_not_twelve_digits_is_none(string text) => Assert.Null(Bcd.Parse(text, 6));
}
