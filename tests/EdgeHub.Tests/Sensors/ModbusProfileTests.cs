using System.Text.Json;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusProfileTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { """{ "quantity": "x", "unit": "1", "address": 65536 }""", "address must be from 0 to 0xFFFF" },
        { """{ "quantity": "x", "unit": "1", "address": "0xFFFF", "type": "u32" }""", "address must be from 0 to 0xFFFF" },
        { """{ "quantity": "x", "unit": "1", "address": "1F4" }""", "1F4 is no number" },
        { """{ "quantity": "X", "unit": "1", "address": 0 }""", "quantity must be" },
        { """{ "quantity": "x", "unit": "", "address": 0 }""", "unit must be" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "type": "u17" }""", "u17 is not one of" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "order": "acbd" }""", "acbd is not one of abcd, cdab, badc, dcba" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "scale": 0 }""", "scale must not be 0" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "mask": 0 }""", "mask must have a bit set" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "mask": 3, "type": "f32" }""", "belongs to the types u16" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "codes": { "1": 1, "0x1": 2 } }""", "the code 0x1 stands twice" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "codes": { "1": 1 }, "scale": 2 }""", "leave scale and offset out" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "codes": { "1": 1 }, "type": "f32" }""", "codes do not belong to a float" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "noData": "0x1FFFF" }""", "noData must be raw bits of this type: 16" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "noData": [ 1, 2, 3, 4, 5, 6, 7, 8, 9 ] }""", "at most 8 numbers" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "function": 1 }""", "function and type do not agree" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "function": 6 }""", "function must be 1, 2, 3 or 4" },
        { """{ "quantity": "x", "unit": "1", "address": 0, "minimum": 2, "maximum": 1 }""", "minimum must not be above maximum" },
        { """{ "quantity": "x", "unit": "1", "address": 0 }, { "quantity": "x", "unit": "1", "address": 1 }""", "a quantity stands twice" },
        { """{ "quantity": "x", "unit": "1", "adress": 0 }""", "adress is not known here" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_with_a_register_is_named_with_its_line(string registers, string says)
    {
        var error = ProfileFile.Error($"{{ \"name\": \"mine\", \"function\": 3,\n \"registers\": [\n {registers} ] }}");
        Assert.StartsWith("mine.json:3: ", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": "mine", "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""", "function must stand here")]
    [InlineData("""{ "name": "mine", "function": 3, "countMax": 3, "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""", "countMax must be from 4 to 1968")]
    [InlineData("""{ "name": "mine", "function": 3, "gapMax": 65, "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""", "gapMax must be from 0 to 64")]
    [InlineData("""{ "name": "mine", "function": 3, "identity": { "address": 0, "count": 33 }, "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""", "a count from 1 to 32")]
    [InlineData("""{ "name": "mine", "function": 3, "identity": { "address": 0, "count": 3, "as": "bcd" }, "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""", "as must be text or hex")]
    public void What_is_wrong_with_a_profile_is_named(string profile, string says) =>
        Assert.Contains(says, ProfileFile.Error(profile), StringComparison.Ordinal);

    [Fact]
    public void An_identity_is_read_as_text_or_as_digits()
    {
        var profile = ProfileFile.Read("""{ "name": "mine", "function": 3, "identity": { "function": 4, "address": "0x0100", "count": 3 }, "registers": [ { "quantity": "x", "unit": "1", "address": 0 } ] }""");
        Assert.Equal(new ModbusRequest(9, ModbusFunction.ReadInputRegisters, 0x100, 3), profile.Identity!.Request(9));
        Assert.Equal("AB 7", profile.Identity.Read("AB 7\0\0"u8));
        Assert.Equal("41420007", (profile.Identity with { IsText = false }).Read([0x41, 0x42, 0x00, 0x07]));
    }

    [Fact]
    public void A_built_in_profile_says_where_it_is_from_and_names_real_ranges()
    {
        var library = ProfileLibrary.BuiltIn();
        foreach (var profile in library.Names.Select(name => library.Find(name)!))
        {
            Assert.NotEmpty(profile.Model);
            Assert.NotEmpty(profile.Source);
            Assert.All(profile.Registers, register => Assert.True(register.Minimum < register.Maximum));
        }
    }

    // The schema is what an editor completes from: it and the reader know the same keys and words.
    [Fact]
    public void The_schema_of_the_docs_and_the_reader_know_the_same_keys()
    {
        var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/schemas/modbus-profile.schema.json"))).RootElement;
        var properties = schema.GetProperty("properties");
        var registers = properties.GetProperty("registers").GetProperty("items").GetProperty("properties");
        Assert.Equal(ProfileKeys.Profile.Order(StringComparer.Ordinal), Names(properties));
        Assert.Equal(ProfileKeys.Identity.Order(StringComparer.Ordinal), Names(properties.GetProperty("identity").GetProperty("properties")));
        Assert.Equal(ProfileKeys.Register.Order(StringComparer.Ordinal), Names(registers));
        Assert.Equal(Enum.GetNames<RegisterType>().Select(name => name.ToLowerInvariant()), Words(registers.GetProperty("type")));
        Assert.Equal(Enum.GetNames<WordOrder>().Select(name => name.ToLowerInvariant()), Words(registers.GetProperty("order")));

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
        static IEnumerable<string> Words(JsonElement element) => element.GetProperty("enum").EnumerateArray().Select(word => word.GetString()!);
    }
}
