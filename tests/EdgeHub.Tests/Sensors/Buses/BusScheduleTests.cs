using CsCheck;
using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Tests.Sensors.Buses;

public sealed class BusScheduleTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Cost = TimeSpan.FromMilliseconds(60);
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    [Fact]
    public void A_dead_instrument_is_asked_twice_and_then_rests_longer_and_longer_up_to_the_cap()
    {
        var schedule = Schedule(1);
        var now = TimeSpan.Zero;
        var waits = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var turn = schedule.Next(now);
            if (turn.BeginsRound)
                schedule.Begin(0, now);
            schedule.Failed(0, now);
            now = schedule.Next(now).At;
            waits.Add((now - turn.At).TotalSeconds);
        }

        Assert.Equal([0.02, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void A_round_in_which_another_box_was_quicker_to_ask_goes_on_when_the_line_is_free()
    {
        var schedule = Schedule(1);
        Assert.True(schedule.Next(5 * Second).BeginsRound);
        schedule.Begin(0, 5 * Second);
        var turn = schedule.Next(5.1 * Second);
        Assert.Equal((0, false), (turn.Device, turn.BeginsRound));
    }

    [Fact]
    public void One_answer_ends_the_rest()
    {
        var schedule = Schedule(1);
        schedule.Begin(0, TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
            schedule.Failed(0, TimeSpan.Zero);
        Assert.True(schedule.IsResting(0));
        schedule.Begin(0, 40 * Second);
        schedule.Answered(0, Cost, 0);
        Assert.False(schedule.IsResting(0));
        Assert.Equal(41 * Second, schedule.Next(40.5 * Second).At);
    }

    [Fact]
    public void Due_times_that_pass_are_counted_once_each() =>
        Gen.Int[1, 200].Array[1, 30].Sample(steps =>
        {
            var schedule = Schedule(1);
            var now = TimeSpan.Zero;
            long seen = 0;
            foreach (var step in steps)
            {
                now += TimeSpan.FromMilliseconds(step * 100);
                if (schedule.Next(now).Device < 0)
                    continue;
                seen += schedule.Begin(0, now) + 1;
                schedule.Answered(0, Cost, 0);
            }

            // Dues at 0, 1, 2 ... s: all up to now were either asked or counted as passed.
            return seen == (long)(now / Second) + 1;
        });

    [Fact]
    public void The_earliest_deadline_goes_first_so_a_fast_one_does_not_wait_for_a_slow_ones_round()
    {
        // A meter with twelve questions of 180 ms each minute, and a probe that is due each second.
        var schedule = new BusSchedule([new BusSlot(60 * Second, 12, TimeSpan.FromMilliseconds(180), Limit), new BusSlot(Second, 1, Cost, Limit)], TimeSpan.Zero);
        var line = new VirtualLine(schedule, [12, 1], [TimeSpan.FromMilliseconds(180), Cost]);
        line.Run(10 * Second);
        Assert.True(line.LatenessMax(1, Second) < TimeSpan.FromMilliseconds(260));
        Assert.True(line.Rounds(0) > 0);
    }

    [Fact]
    public void None_starves_even_on_a_line_that_has_no_time_for_all()
    {
        // Once found by chance: none was heard at first, and their own short intervals kept all from being heard ever.
        Assert.True(AllAreRead([38, 36, 23, 40, 28, 30, 22, 34, 1, 2, 5]));
        Gen.Int[1, 50].Array[2, 12].Sample(AllAreRead, iter: 100);

        static bool AllAreRead(int[] tenths)
        {
            var schedule = new BusSchedule([.. tenths.Select(t => new BusSlot(TimeSpan.FromMilliseconds(t * 100), 1, Cost, Limit))], TimeSpan.Zero);
            var line = new VirtualLine(schedule, [.. tenths.Select(_ => 1)], [.. tenths.Select(_ => TimeSpan.FromMilliseconds(300))]);
            line.Run(BusSchedule.Patience + (200 * Second));
            return Enumerable.Range(0, tenths.Length).All(i => line.Rounds(i) > 0);
        }
    }

    [Fact]
    public void One_lost_answer_costs_seconds_and_not_a_minute_on_a_line_that_has_no_time_for_all()
    {
        var schedule = new BusSchedule([.. Enumerable.Range(0, 4).Select(_ => new BusSlot(Cost * 2, 1, Cost, Limit))], TimeSpan.Zero);
        var line = new VirtualLine(schedule, [1, 1, 1, 1], [Cost, Cost, Cost, Cost]);
        line.Silence(2, 10 * Second, 10.3 * Second);
        line.Run(30 * Second);
        Assert.InRange(line.LatenessMax(2, Cost * 2), TimeSpan.FromMilliseconds(100), 4 * Second);
    }

    // The promise of the room: whoever dies, whenever, the others are read within their own interval.
    [Fact]
    public void Whoever_falls_silent_whenever_no_neighbour_is_late_by_more_than_its_interval() =>
        Gen.Select(Gen.Int[2, 10], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 60], Gen.Int[1, 60]).Array[0, 4], Gen.Int[0, 3]).Sample((count, deaths, neverThere) =>
        {
            var schedule = new BusSchedule([.. Enumerable.Range(0, count).Select(_ => new BusSlot(Second, 1, Cost, Limit))], TimeSpan.Zero);
            var line = new VirtualLine(schedule, [.. Enumerable.Repeat(1, count)], [.. Enumerable.Repeat(Cost, count)]);
            foreach (var (who, from, length) in deaths)
                if (who < count)
                    line.Silence(who, from * Second, (from + length) * Second);
            for (var i = 0; i < Math.Min(neverThere, count); i++)
                line.Silence(i, TimeSpan.Zero, 1000 * Second);
            line.Run(90 * Second);
            return Enumerable.Range(0, count).All(i => line.LatenessMax(i, Second) <= Second);
        }, iter: 200);

    [Fact]
    public void One_that_is_busy_is_asked_again_within_its_interval_and_holds_nobody_up()
    {
        var schedule = Schedule(2);
        schedule.Begin(0, TimeSpan.Zero);
        Assert.True(schedule.Busy(0, Cost));
        Assert.Equal(1, schedule.Next(Cost).Device);
        schedule.Begin(1, Cost);
        schedule.Answered(1, Cost, 0);
        Assert.Equal(Cost + BusSchedule.BusyPause, schedule.Next(Cost * 2).At);
        Assert.Equal(0, schedule.Next(Cost * 3).Device);
        Assert.False(schedule.Busy(0, Second - Cost));
    }

    [Fact]
    public void One_that_failed_once_is_asked_again_in_the_same_round()
    {
        var schedule = Schedule(1);
        schedule.Begin(0, TimeSpan.Zero);
        Assert.True(schedule.Failed(0, Cost));
        Assert.Equal((0, false), (schedule.Next(Cost + BusSchedule.RetryPause).Device, schedule.Next(Cost + BusSchedule.RetryPause).BeginsRound));
        schedule.Answered(0, Cost, 0);
        Assert.Equal(Second, schedule.Next(Cost * 3).At);
    }

    [Fact]
    public void Instruments_for_which_the_line_is_set_alike_are_asked_one_behind_the_other()
    {
        var schedule = new BusSchedule([.. Enumerable.Range(0, 6).Select(i => new BusSlot(Second, 1, Cost, Limit, i % 2))], TimeSpan.Zero);
        var asked = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            var now = TimeSpan.FromMilliseconds(i < 6 ? i * 60 : 1000 + (i * 60));
            var device = schedule.Next(now).Device;
            schedule.Begin(device, now);
            schedule.Answered(device, Cost, 0);
            asked.Add(device % 2);
        }

        Assert.Equal("000111111000", string.Concat(asked));
    }

    static BusSchedule Schedule(int count) => new([.. Enumerable.Range(0, count).Select(_ => new BusSlot(Second, 1, Cost, Limit))], TimeSpan.Zero);
}
