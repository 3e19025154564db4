using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Progress;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors;

/// <summary>All that the loop over one line is made of.</summary>
/// <param name="Sensors">Those on the line, in the order of the configuration; at least one.</param>
/// <param name="Options">The room's whole configuration, for what is set for all lines.</param>
/// <param name="Chance">Numbers in [0, 1).</param>
public sealed record LineSetup(PortUri Uri, IReadOnlyList<SensorState> Sensors, PortState Port, SensorDesk Desk, SensorsOptions Options, LineOpeners Open, Func<double> Chance, LoopProgress Progress, TimeProvider Time, ILogger Logger)
{
    /// <summary>The loop of a line with one instrument that sends frames.</summary>
    internal RunLine Talk(FrameScript script) => Loop(script.Request is null ? new ListenTalk(script, this) : new AskTalk(script, this));

    /// <summary>The loop of a line of bytes: opened, talked over, lost, opened again.</summary>
    /// <param name="open">How it is opened, when not by its port.</param>
    internal RunLine Loop(ILineTalk talk, OpenLine? open = null) =>
        new LineLoop(Uri, Port, talk, open ?? Open.Line, Desk, new Backoff(Chance), Progress, Time, Logger).RunAsync;
}
