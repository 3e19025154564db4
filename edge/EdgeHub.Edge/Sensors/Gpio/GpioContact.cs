using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// A contact: each settled change is reported at once and the state every interval, so that silence is never mistaken for "closed".
/// With a counterpart (the other side of a changeover contact) exactly one of the two lines must be active: neither means a cut
/// wire, both a short. A motion detector's hold-off keeps it at 1 until it has been quiet for so long.
/// </summary>
sealed class GpioContact : GpioPoint
{
    const string CutSentence = "neither the contact nor its counterpart is closed: a wire is cut or a plug is out.";
    const string ShortSentence = "the contact and its counterpart are both closed: a short between their wires.";

    readonly GpioPortUri port;
    readonly TimeSpan holdOff;
    readonly Debouncer[] lines;
    TimeSpan reportAt;
    TimeSpan? releaseAt;
    bool held;
    Wiring wiring;
    long bouncesCounted;

    /// <param name="high">The levels of the line and, where there is one, of its counterpart now.</param>
    public GpioContact(SensorState sensor, SensorDesk desk, IReadOnlyList<bool> high, TimeSpan now) : base(sensor, desk)
    {
        port = (GpioPortUri)sensor.Options.Port;
        holdOff = ((ContactSettings)sensor.Options.Settings).HoldOff;
        lines = [.. high.Select(level => new Debouncer(port.Debounce, level != port.Invert))];
        held = lines[0].Level;
        wiring = Look();
        reportAt = now;
    }

    enum Wiring
    {
        Whole,
        Cut,
        Short,
    }

    public override TimeSpan Next => lines.Select(line => line.Deadline).Append(releaseAt).Append(reportAt).Min()!.Value;

    public override void Edge(int which, bool high, TimeSpan at)
    {
        Advance(at);
        lines[which].Edge(high != port.Invert, at);
    }

    public override void Level(int which, bool high, TimeSpan at)
    {
        if (high != port.Invert != lines[which].Candidate)
            Edge(which, high, at);
    }

    public override void Advance(TimeSpan now)
    {
        var changed = false;
        foreach (var line in lines)
            changed |= line.Settle(now);
        // A changeover contact is open on both sides while it moves: it is judged when both lines stand still.
        if (changed && lines.All(line => line.Deadline is null))
            Moved(now);
        if (now >= releaseAt)
        {
            (held, releaseAt) = (false, null);
            Report(now);
        }

        if (now >= reportAt)
            Report(now);
        var bounces = lines.Sum(line => line.Bounces);
        if (bounces > bouncesCounted)
            Sensor.Count(new SensorCounters { Bounces = bounces - bouncesCounted });
        bouncesCounted = bounces;
    }

    void Moved(TimeSpan now)
    {
        var (before, broken) = (held, wiring);
        wiring = Look();
        if (lines[0].Level)
            (held, releaseAt) = (true, null);
        else if (held && holdOff > TimeSpan.Zero)
            releaseAt = now + holdOff;
        else
            held = false;
        if (held != before || wiring != broken)
            Report(now);
    }

    Wiring Look() => lines.Length < 2 || lines[0].Level != lines[1].Level ? Wiring.Whole : lines[0].Level ? Wiring.Short : Wiring.Cut;

    void Report(TimeSpan now)
    {
        reportAt = now + Sensor.Options.Interval;
        if (wiring == Wiring.Whole)
        {
            Sensor.Become(Condition.Ok, "ok.");
            Desk.Read(Sensor, 0, Desk.BootTimeMs, held ? 1 : 0, Quality.Good);
            return;
        }

        Sensor.Become(Condition.Fault, wiring == Wiring.Cut ? CutSentence : ShortSentence);
        Desk.Read(Sensor, 0, Desk.BootTimeMs, double.NaN, Quality.BadDeviceFault);
    }
}
