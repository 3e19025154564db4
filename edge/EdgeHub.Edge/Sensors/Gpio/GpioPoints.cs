using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>What hangs on the open lines of one chip: each line leads to its point.</summary>
sealed class GpioPoints
{
    readonly GpioSession session;
    readonly List<GpioPoint> points = [];
    readonly List<(GpioPoint Point, int Which)> ofLine = [];

    /// <summary>Opens every line. What fails leaves the rest to the session's closing.</summary>
    public GpioPoints(GpioSession session, LineSetup setup, Func<TimeSpan> now)
    {
        this.session = session;
        foreach (var sensor in setup.Sensors)
        {
            var port = (GpioPortUri)sensor.Options.Port;
            switch (sensor.Options.Settings)
            {
                case OutputSettings output:
                    var index = session.Count;
                    session.OpenOutput(port.Line, GpioOutput.Level(sensor, output.Safe));
                    var point = new GpioOutput(sensor, setup.Desk, high => session.Write(index, high), now());
                    Add(point, lines: 1);
                    setup.Desk.Switch(sensor, command => point.Post(command) && session.Post(index, new GpioEdge(command.On, now())));
                    break;
                case CounterSettings:
                    Add(new GpioCounter(sensor, setup.Desk, setup.Open.Total(sensor.Options.Id), session.Open(port.Line, port.Pull, now), now()), lines: 1);
                    break;
                case ContactSettings { Counterpart: { } counterpart }:
                    bool[] both = [session.Open(port.Line, port.Pull, now), session.Open(counterpart, port.Pull, now)];
                    Add(new GpioContact(sensor, setup.Desk, both, now()), lines: 2);
                    break;
                default:
                    Add(new GpioContact(sensor, setup.Desk, [session.Open(port.Line, port.Pull, now)], now()), lines: 1);
                    break;
            }
        }
    }

    public void Edge(int line, GpioEdge edge) => ofLine[line].Point.Edge(ofLine[line].Which, edge.Level, edge.At);

    /// <summary>Looks at every input.</summary>
    public void Check(TimeSpan now)
    {
        for (var line = 0; line < ofLine.Count; line++)
            if (session.IsInput(line))
                ofLine[line].Point.Level(ofLine[line].Which, session.Read(line), now);
    }

    /// <summary>Settles and reports what is due; when there is something next.</summary>
    public TimeSpan Advance(TimeSpan now)
    {
        foreach (var point in points)
            point.Advance(now);
        return points.Min(point => point.Next);
    }

    void Add(GpioPoint point, int lines)
    {
        points.Add(point);
        for (var which = 0; which < lines; which++)
            ofLine.Add((point, which));
    }
}
