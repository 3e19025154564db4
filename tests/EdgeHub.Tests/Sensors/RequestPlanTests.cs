using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

public sealed class RequestPlanTests
{
    static readonly ProfileLibrary Profiles = ProfileLibrary.BuiltIn();

    public static TheoryData<string, string> Plans => new()
    {
        { "weather-station", "0x01F4+14" },
        { "noise-meter", "0x0000+1" },
        { "meter-sdm", "0x0000+14 0x0046+2 0x0156+2" },
        { "meter-sdm-three-phase", "0x0000+12 0x0034+20 0x0156+2" },
        { "meter-three-phase", "0x2006+14 0x202A+2 0x2044+2 0x401E+2" },
        { "soil", "0x0000+7" },
        { "water-level", "0x0004+1" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Neighbours_share_a_request_and_far_registers_do_not(string profile, string expected) =>
        Assert.Equal(expected, Write(RequestPlan.Build(Profiles.Find(profile)!, 1)));

    [Fact]
    public void A_profile_may_forbid_gaps_and_long_requests()
    {
        var profile = Profiles.Find("weather-station")!;
        Assert.Equal("0x01F4+1 0x01F7+9 0x0201+1", Write(RequestPlan.Build(profile with { GapMax = 0 }, 1)));
        Assert.Equal("0x01F4+4 0x01F8+4 0x01FC+4 0x0201+1", Write(RequestPlan.Build(profile with { CountMax = 4 }, 1)));
    }

    [Fact]
    public void Every_value_of_every_profile_lies_within_its_request()
    {
        Assert.Equal(["meter-sdm", "meter-sdm-three-phase", "meter-three-phase", "noise-meter", "smoke", "soil", "water-level", "weather-station"], Profiles.Names);
        Assert.Empty(Profiles.Broken);
        foreach (var profile in Profiles.Names.Select(name => Profiles.Find(name)!))
            foreach (var merge in new[] { true, false })
            {
                var plan = RequestPlan.Build(profile, 1, merge);
                Assert.Equal(Enumerable.Range(0, profile.Registers.Count), plan.SelectMany(item => item.Values).Order());
                foreach (var (request, values) in plan)
                    foreach (var value in values)
                        Assert.InRange(profile.Registers[value].Address + profile.Registers[value].Count, request.Start + 1, request.Start + request.Count);
            }
    }

    [Fact]
    public void Values_of_different_functions_never_share_a_request()
    {
        const string json = """
            { "name": "mixed", "function": 3, "registers": [
              { "quantity": "a", "unit": "1", "address": 0 },
              { "quantity": "b", "unit": "1", "address": 1, "function": 4 },
              { "quantity": "c", "unit": "1", "address": 2 },
              { "quantity": "d", "unit": "1", "address": 0, "function": 2, "type": "bit" } ] }
            """;
        var profile = ProfileFile.Read(json);
        Assert.Equal(
            [(ModbusFunction.ReadDiscreteInputs, 0, 1), (ModbusFunction.ReadHoldingRegisters, 0, 3), (ModbusFunction.ReadInputRegisters, 1, 1)],
            RequestPlan.Build(profile, 1).Select(item => (item.Request.Function, (int)item.Request.Start, (int)item.Request.Count)));
    }

    static string Write(IEnumerable<(ModbusRequest Request, IReadOnlyList<int> Values)> plan) =>
        string.Join(' ', plan.Select(item => $"0x{item.Request.Start:X4}+{item.Request.Count}"));
}
