using CsCheck;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.Tests.DeviceSims;

public sealed class FaultPlanTests
{
    private const int Frames = 10_000;

    [Fact]
    public void A_rate_is_the_share_of_frames_struck()
    {
        var plan = new FaultPlan("pms1", seed: 1);
        plan.Set(FaultKind.Crc, 0.1);

        var struck = Enumerable.Range(0, Frames).Count(_ => plan.Draw().Contains(FaultKind.Crc));

        Assert.InRange(struck, 900, 1100);
        Assert.Equal(struck, plan.Struck(FaultKind.Crc));
        Assert.Equal(0, plan.Struck(FaultKind.Silence));
    }

    [Fact]
    public void One_is_always_and_zero_never()
    {
        var plan = new FaultPlan("pms1", seed: 1);
        Assert.Empty(plan.Draw());
        plan.Set(FaultKind.Silence, 1);
        Assert.All(Enumerable.Range(0, Frames), _ => Assert.Equal([FaultKind.Silence], plan.Draw()));
    }

    [Fact]
    public void Switching_one_fault_changes_no_other()
    {
        Assert.Equal(Garbage(silence: 0), Garbage(silence: 0.5));

        static List<bool> Garbage(double silence)
        {
            var plan = new FaultPlan("pms1", seed: 1);
            plan.Set(FaultKind.Garbage, 0.3);
            plan.Set(FaultKind.Silence, silence);
            return [.. Enumerable.Range(0, 1000).Select(_ => plan.Draw().Contains(FaultKind.Garbage))];
        }
    }

    [Fact]
    public void A_spoiled_frame_is_never_a_good_one() =>
        Gen.ULong.Sample(seed =>
        {
            var plan = new FaultPlan("x", seed);
            var pms = new Pms5003("x", seed).Measure().Frame.Span;
            var reply = new NoiseMeter("x", 1, seed).Answer(ModbusSlaveTests.Request(1, 3, 0, 1))!.Frame.Span;

            Assert.Empty(PlainReader.PmsValues("x", plan.Spoil(pms)));
            Assert.False(PlainReader.HasRightCrc(plan.Spoil(reply)));
            Assert.InRange(plan.Cut(pms.Length), 1, pms.Length - 1);
        });

    [Theory]
    [InlineData("crc=0.01", null, FaultKind.Crc, 0.01)]
    [InlineData("pms1:hangup=1", "pms1", FaultKind.HangUp, 1)]
    [InlineData("silence=off", null, FaultKind.Silence, 0)]
    public void A_rate_is_read_from_the_command_line(string text, string? sensor, FaultKind kind, double rate) =>
        Assert.Equal(new FaultRate(sensor, kind, rate), FaultRate.Parse(text, out _));

    [Theory]
    [InlineData("crc", "is not [sensor:]name=rate")]
    [InlineData("=", "is no fault; there are: garbage, crc, split, silence, hangup")]
    [InlineData("1=0.1", "is no fault")]
    [InlineData("crc=2", "is no share of frames")]
    [InlineData("crc=NaN", "is no share of frames")]
    [InlineData("crc=0.1:x", "is not [sensor:]name=rate")]
    public void A_wrong_rate_gets_a_sentence(string text, string sentence)
    {
        Assert.Null(FaultRate.Parse(text, out var error));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }
}
