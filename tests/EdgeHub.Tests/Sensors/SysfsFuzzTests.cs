using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Sysfs;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Sensors;

/// <summary>Whatever the kernel's files hold: no exception, no value from a bad checksum, no value that is no number.</summary>
public sealed partial class SysfsFuzzTests
{
    [Trait("kind", "fuzz")]
    [Fact]
    public void A_thermometer_has_a_value_only_where_its_checksum_is_right_and_its_number_one() =>
        Gen.Select(Thermometer, Gen.Double[-60, 130]).Sample((text, last) =>
        {
            var frame = OneWireText.Read(text, last > 100 ? null : last);
            var expected = Right().Match(text);
            if (!expected.Success || !int.TryParse(expected.Groups[1].Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milli))
                return frame is null;
            return frame!.Values.Single() is var value && (value.Quality == Quality.Good ? value.Value == milli / 1000.0 : frame.Fault is not null && milli is 85_000 or <= -127_000);
        }, iter: DecoderCases.Count);

    [Trait("kind", "fuzz")]
    [Fact]
    public void A_channel_has_a_number_or_no_value() =>
        Gen.Select(Gen.OneOfConst(SysfsKind.Iio, SysfsKind.Hwmon), Gen.OneOfConst([.. SysfsChannel.All]), Text.Array[4]).Sample((kind, channel, texts) =>
        {
            string?[] files = [.. texts.Select(text => text == "-" ? null : text)];
            var value = SysfsText.Value(kind, channel, file => file.EndsWith("_raw", StringComparison.Ordinal) ? files[1] : file.EndsWith("_offset", StringComparison.Ordinal) ? files[2] : file.EndsWith("_scale", StringComparison.Ordinal) ? files[3] : files[0]);
            if (value is { } number && !double.IsFinite(number))
                return false;
            // A plain whole number is taken as it stands.
            return files[0] is not { } first || !Whole().IsMatch(first) || (kind == SysfsKind.Hwmon && channel.Hwmon.Length == 0)
                || Math.Abs(value!.Value - (double.Parse(first, CultureInfo.InvariantCulture) * channel.Factor)) <= 0.00005 + (Math.Abs(value.Value) * 1e-12);
        }, iter: DecoderCases.Count);

    static Gen<string> Text => Gen.OneOf(
        Gen.Int[-100_000, 100_000].Select(number => number.ToString(CultureInfo.InvariantCulture) + "\n"),
        Gen.OneOfConst("-", "", "\n", "NaN", "1e999", "-1e999", "Infinity", "2.670328831\n", "0x1F", "1 2", "\0", "12\u00a0"),
        Gen.String[0, 8]);

    static Gen<string> Thermometer => Gen.OneOf(
        Gen.Select(Gen.Int[-130_000, 130_000], Gen.OneOfConst("YES", "YES", "NO", "YE", "YES "), Gen.OneOfConst("t=", "t=", "t", "t=t=", "T="), (milli, crc, mark) => $"59 01 4b 46 7f ff 07 10 c2 : crc=c2 {crc}\n59 01 4b 46 7f ff 07 10 c2 {mark}{milli.ToString(CultureInfo.InvariantCulture)}\n"),
        Gen.OneOfConst("t=85000", "t=-127000", "t=2147483648", "t=+5", "t=5x", "t=").Select(value => $"59 : crc=c2 YES\n59 {value}\n"),
        Gen.String[Gen.Char["YESt=-01\n \r"], 0, 30]);

    [GeneratedRegex(@"^\n*[^\n]*YES[^\S\n]*\n+(?=[^\n]*t=)[^\n]*t=((?:(?!t=)[^\n])*?)(?:\n|$)")]
    private static partial Regex Right();

    [GeneratedRegex(@"^-?[0-9]{1,6}\n?$")]
    private static partial Regex Whole();
}
