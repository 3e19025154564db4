using CsCheck;
using EdgeHub.Edge.Sensors.Bosch;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Edge.Sensors.Rohm;
using EdgeHub.Edge.Sensors.Texas;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Tests.Sensors.I2c;

/// <summary>Whatever a part answers: no exception but the sentence for the technician, no value from a bad checksum, no value that is no number.</summary>
public sealed class I2cFuzzTests
{
    [Trait("kind", "fuzz")]
    [Theory]
    [InlineData("sht3x", 2, -45, 130, 0, 100)]
    [InlineData("sht4x", 2, -45, 130, 0, 100)]
    [InlineData("scd4x", 3, 0, 65_535, -45, 130)]
    public void A_value_comes_only_from_words_that_check(string driver, int words, double low, double high, double low2, double high2)
    {
        var make = Maker(driver);
        Gen.Select(Words(1), Words(words)).Sample((ready, data) =>
        {
            using var part = new CommandDouble(asked => asked == "E4B8" ? ready : data);
            var frame = Read(make(), part);
            var isReady = driver != "scd4x" || (IsRight(ready) && (ready[1] | ((ready[0] & 7) << 8)) != 0);
            if (!isReady)
                return frame is null ? !IsRight(ready) : frame.Values.Count == 0;
            if (!IsRight(data))
                return frame is null;
            return frame is { Fault: null } && frame.Values.Count == words && Within(frame, 0, low, high) && Within(frame, 1, low2, high2);
        }, iter: DecoderCases.Count);
    }

    [Trait("kind", "fuzz")]
    [Fact]
    public void A_bme280_with_any_trimming_and_any_data_yields_numbers_or_no_value() =>
        Gen.Select(Gen.Byte.Array[26], Gen.Byte.Array[7], Gen.Byte.Array[8], Gen.Byte).Sample((first, second, data, status) =>
        {
            using var part = new RegisterDouble();
            part.Registers[0xD0] = 0x60;
            first.CopyTo(part.Registers, 0x88);
            second.CopyTo(part.Registers, 0xE1);
            data.CopyTo(part.Registers, 0xF7);
            part.Registers[0xF3] = status;
            var frame = Read(new Bme280Part(), part);
            return (status & 8) != 0 ? frame is null : frame!.Values.Count == 3 && frame.Values.All(IsNumberOrMarked);
        }, iter: DecoderCases.Count);

    [Trait("kind", "fuzz")]
    [Fact]
    public void An_ads1115_yields_numbers_or_a_fault_with_its_sentence() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.Double[1, 1000]).Sample((configuration, conversion, shunt) =>
        {
            using var part = new AnyConverter(configuration, conversion);
            var frame = Read(new Ads1115Part([new AnalogInput(new("level", "m"), 0, shunt, 0, 5), new AnalogInput(new("supply", "V"), 1, 0, 0, double.NaN)]), part);
            if ((configuration & 0x8000) == 0)
                return frame is null;
            return frame!.Values.Count == 2 && frame.Values.All(IsNumberOrMarked) && double.IsNaN(frame.Values[0].Value) == frame.Fault is not null;
        }, iter: DecoderCases.Count);

    [Trait("kind", "fuzz")]
    [Fact]
    public void A_bh1750_yields_the_count_in_lux() =>
        Gen.Byte.Array[2].Sample(bytes =>
        {
            using var part = new CommandDouble(_ => bytes);
            return Read(new Bh1750Part(), part)!.Values.Single().Value is >= 0 and <= 54_612.5;
        }, iter: DecoderCases.Count);

    static Func<I2cPart> Maker(string driver)
    {
        var document = SettingsDocument.FromText("{}", "test", "NONE__", new Dictionary<string, string>());
        return ((I2cSettings)EdgeHub.Edge.Sensors.DriverCatalog.Find(driver)!.Read(document.Root, new EdgeHub.Edge.Sensors.DriverLibraries(ProfileLibrary.BuiltIn()))).Part;
    }

    // Null for a bad checksum, and for what only the technician is told.
    static SensorFrame? Read(I2cPart part, I2cDouble device)
    {
        try
        {
            static Task Wait(TimeSpan span) => Task.CompletedTask;
            part.StartAsync(device, Wait).GetAwaiter().GetResult();
            return part.ReadAsync(device, Wait).GetAwaiter().GetResult();
        }
        catch (LineException)
        {
            return null;
        }
    }

    static bool IsNumberOrMarked(SensorValue value) => double.IsFinite(value.Value) || value.Quality >= EdgeHub.Wire.Quality.BadNoData;

    static bool Within(SensorFrame frame, int stream, double low, double high) => frame.Values[stream].Value >= low && frame.Values[stream].Value <= high;

    // By the double's own checksum, which shares nothing with the reader's.
    static bool IsRight(byte[] bytes) => bytes.Chunk(3).All(word => CommandDouble.Word((word[0] << 8) | word[1])[2] == word[2]);

    static Gen<byte[]> Words(int count) => Gen.OneOf(
        Gen.UShort.Array[count].Select(words => words.SelectMany(word => CommandDouble.Word(word)).ToArray()),
        Gen.Select(Gen.UShort.Array[count], Gen.Int[0, (count * 3) - 1], Gen.Byte, (words, at, value) =>
        {
            var bytes = words.SelectMany(word => CommandDouble.Word(word)).ToArray();
            bytes[at] = value;
            return bytes;
        }),
        Gen.Byte.Array[count * 3]);

    sealed class AnyConverter(ushort configuration, ushort conversion) : I2cDouble
    {
        byte pointer;

        protected override void Take(ReadOnlySpan<byte> written) => pointer = written[0];

        protected override void Answer(Span<byte> destination) =>
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(destination, pointer == 1 ? configuration : conversion);
    }
}
