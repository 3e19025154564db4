using CsCheck;
using EdgeHub.Edge.Sensors.Standby;

namespace EdgeHub.Tests.Sensors.Standby;

/// <summary>Two boxes that know of each other only what they hear on the bus.</summary>
public sealed class StandbyStepTests
{
    /// <summary>How late a box may hear what was on the wire: an adapter's 16 ms and a busy processor.</summary>
    const int DelayMsMax = 80;

    /// <summary>Beyond the configured silence: what the last words took to be heard.</summary>
    const int SlackMs = 250;

    /// <summary>Two that ask in step part after some collisions, each half a second.</summary>
    const int BothMsMax = 6_000;

    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    // Also two boxes that were both told to be the standby one.
    static readonly Gen<(int Seed, int SilenceMs, int IntervalMs, StandbyRole First)> World =
        Gen.Select(Gen.Int, Gen.Int[2_000, 12_000], Gen.Double[0.1, 1], Gen.OneOfConst(StandbyRole.Preferred, StandbyRole.Standby))
            .Select(drawn => (drawn.Item1, drawn.Item2, (int)(drawn.Item2 * drawn.Item3 / StandbyOptions.QuestionsPerSilence), drawn.Item4));

    [Fact]
    public void Whatever_dies_restarts_or_stands_still_one_asks_and_never_two_for_long() =>
        Gen.Select(World, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 30_000]).Array[1, 12]).Sample((world, strokes) =>
        {
            var boxes = new TwoBoxes(world.Seed, TimeSpan.FromMilliseconds(world.SilenceMs), world.IntervalMs, DelayMsMax, world.First);
            foreach (var (what, which, ms) in strokes)
            {
                if (what == 0 && boxes.Boxes[which].Step is not null)
                    boxes.Kill(which);
                else if (what == 1 || boxes.Boxes[which].Step is null)
                    boxes.Restart(which);
                else
                    boxes.Hang(which, ms);
                boxes.Run(ms);
            }

            Assert.InRange(boxes.NobodyMsMax, 0, world.SilenceMs + SlackMs);
            Assert.InRange(boxes.BothMsMax, 0, BothMsMax);
        }, iter: 100);

    [Fact]
    public void Two_that_ask_at_one_time_however_far_apart_end_as_one() =>
        Gen.Select(World, Gen.Int[0, 400]).Sample((world, apartMs) =>
        {
            var boxes = new TwoBoxes(world.Seed, TimeSpan.FromMilliseconds(world.SilenceMs), world.IntervalMs, DelayMsMax, world.First);
            boxes.ForceBoth(apartMs);
            boxes.Run(BothMsMax + world.SilenceMs + SlackMs);
            Assert.InRange(boxes.BothMsMax, 1, BothMsMax);
            Assert.InRange(boxes.NobodyMsMax, 0, world.SilenceMs + SlackMs);
            Assert.Single(boxes.Boxes, box => box.Step!.IsActive);
        }, iter: 200);

    [Fact]
    public void Of_two_that_start_together_the_preferred_one_asks()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var boxes = new TwoBoxes(seed, Silence, 1_000, DelayMsMax);
            boxes.Run(20_000);
            Assert.True(boxes.Boxes[0].Step!.IsActive);
            Assert.False(boxes.Boxes[1].Step!.IsActive);
            Assert.Equal(0, boxes.BothMsMax);
        }
    }

    [Fact]
    public void The_one_that_comes_back_listens_and_does_not_take_the_line_back()
    {
        var boxes = new TwoBoxes(7, Silence, 1_000, DelayMsMax);
        boxes.Run(15_000);
        boxes.Kill(0);
        boxes.Run(11_000);
        Assert.True(boxes.Boxes[1].Step!.IsActive);
        boxes.Restart(0);
        boxes.Run(60_000);
        Assert.False(boxes.Boxes[0].Step!.IsActive);
        Assert.True(boxes.Boxes[1].Step!.IsActive);
    }

    [Theory]
    [InlineData(StandbyRole.Preferred, 0, 6)]
    [InlineData(StandbyRole.Preferred, 0.999, 6.999)]
    [InlineData(StandbyRole.Standby, 0, 9)]
    [InlineData(StandbyRole.Standby, 0.999, 9.999)]
    public void A_silent_line_is_taken_over_within_the_silence_the_preferred_box_first(StandbyRole role, double chance, double seconds)
    {
        var step = new StandbyStep(new StandbyOptions("bus", role, Silence), () => chance, TimeSpan.Zero);
        Assert.False(step.TakeOver(TimeSpan.FromSeconds(seconds - 0.01)));
        Assert.True(step.TakeOver(TimeSpan.FromSeconds(seconds + 0.0001)));
        Assert.True(step.IsActive);
    }

    [Fact]
    public void A_question_of_another_ends_its_own_asking_at_once_and_an_answer_does_not()
    {
        var step = Active();
        step.HeardAnswer(TimeSpan.FromSeconds(11));
        Assert.True(step.IsActive);
        Assert.True(step.HeardQuestion(TimeSpan.FromSeconds(12)));
        Assert.False(step.IsActive);
        Assert.False(step.TakeOver(TimeSpan.FromSeconds(17.9)));
    }

    [Fact]
    public void A_box_that_stood_still_listens_before_it_asks_again()
    {
        var step = Active();
        Assert.False(step.Turn(TimeSpan.FromSeconds(11)));
        Assert.True(step.Turn(TimeSpan.FromSeconds(14)));
        Assert.False(step.IsActive);
        Assert.Equal(TimeSpan.FromSeconds(20.5), step.TakesOverAt);
    }

    [Fact]
    public void After_two_questions_without_an_answer_the_next_waits_for_a_random_while()
    {
        var step = Active();
        step.Unanswered(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(11), step.NotBefore);
        step.Unanswered(TimeSpan.FromSeconds(12));
        Assert.Equal(TimeSpan.FromSeconds(12) + (StandbyStep.HoldMax / 2), step.NotBefore);
        step.Answered();
        step.Unanswered(TimeSpan.FromSeconds(13));
        Assert.Equal(TimeSpan.FromSeconds(13), step.NotBefore);
    }

    static StandbyStep Active()
    {
        var step = new StandbyStep(new StandbyOptions("bus", StandbyRole.Preferred, Silence), static () => 0.5, TimeSpan.Zero);
        step.Turn(TimeSpan.FromSeconds(1));
        step.Open(TimeSpan.FromSeconds(1));
        for (var second = 2; second < 10; second++)
            step.Turn(TimeSpan.FromSeconds(second));
        Assert.True(step.TakeOver(TimeSpan.FromSeconds(10)));
        step.Turn(TimeSpan.FromSeconds(10));
        return step;
    }
}
