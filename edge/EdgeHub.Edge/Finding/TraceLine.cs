using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding;

/// <summary>One line of an <c>.ehtrace</c> file.</summary>
/// <param name="T">Milliseconds since the recording began.</param>
/// <param name="Dir"><c>tx</c>: a master asked; <c>rx</c>: everything else.</param>
/// <param name="Hex">The bytes.</param>
sealed record TraceLine(double T, string Port, string Dir, string Hex)
{
    public static TraceLine Of(TrafficEvent one, string port) => new(one.FirstMs, port, one.Kind == TrafficKind.Question ? "tx" : "rx", Convert.ToHexString(one.Bytes.Span));
}
