using EdgeHub.Edge.Sensors.Buses;

namespace EdgeHub.Tests.Sensors.Buses;

/// <summary>A line in virtual time under a schedule: exchanges take what the script says, and who is silent takes all that it is given.</summary>
sealed class VirtualLine(BusSchedule schedule, IReadOnlyList<int> questions, IReadOnlyList<TimeSpan> took)
{
    readonly List<(int Device, TimeSpan From, TimeSpan To)> silences = [];
    readonly List<TimeSpan>[] done = [.. questions.Select(_ => new List<TimeSpan>())];
    TimeSpan end;

    public void Silence(int device, TimeSpan from, TimeSpan to) => silences.Add((device, from, to));

    public int Rounds(int device) => done[device].Count;

    public void Run(TimeSpan span)
    {
        end = span;
        var left = new int[questions.Count];
        for (var now = TimeSpan.Zero; now < span;)
        {
            var turn = schedule.Next(now);
            if (turn.Device < 0)
            {
                Assert.True(turn.At > now);
                now = turn.At;
                continue;
            }

            var i = turn.Device;
            if (turn.BeginsRound)
            {
                schedule.Begin(i, now);
                left[i] = questions[i];
            }

            if (IsSilent(i, now) || took[i] > turn.Limit)
            {
                now += turn.Limit;
                schedule.Failed(i, now);
                continue;
            }

            now += took[i];
            schedule.Answered(i, took[i], --left[i]);
            if (left[i] == 0)
                done[i].Add(now);
        }
    }

    /// <summary>The longest that a value was read after it fell due, over all due times at which the instrument was there and not being found again.</summary>
    public TimeSpan LatenessMax(int device, TimeSpan interval)
    {
        var worst = TimeSpan.Zero;
        for (var due = TimeSpan.Zero; due + (interval * 2) < end; due += interval)
        {
            if (silences.Exists(s => s.Device == device && due + interval > s.From && due < s.To + BusSchedule.RestCap + interval))
                continue;
            var read = done[device].Where(at => at > due).DefaultIfEmpty(TimeSpan.MaxValue / 2).Min();
            worst = read - due > worst ? read - due : worst;
        }

        return worst;
    }

    bool IsSilent(int device, TimeSpan now) => silences.Exists(s => s.Device == device && now >= s.From && now < s.To);
}
