using System.Globalization;
using System.Text;
using EdgeHub.Edge.Sensors;

namespace EdgeHub.Edge.Finding;

/// <summary>Raw bytes for a person: when, who (rx came in, tx was sent), what.</summary>
static class RawText
{
    /// <param name="now">The moment of asking.</param>
    public static string Of(IReadOnlyList<RawLook> ports, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var port in ports)
        {
            Line(text, $"{port.Port} ({string.Join(", ", port.Sensors)}){(port.Recent.Count + port.Faults.Count == 0 ? ": no bytes yet" : "")}");
            foreach (var fault in port.Faults)
            {
                Line(text, $"  fault at {Time(fault.BootTimeMs)}: {fault.Reason}");
                Lines(fault.Chunks, "    ");
            }

            if (port.Faults.Any(fault => fault.Chunks.Count > 0))
                Line(text, $"  the last {RawRing.Age.TotalMinutes:0} minutes:");
            Lines(port.Recent, "  ");

            void Lines(IReadOnlyList<RawChunk> chunks, string indent)
            {
                foreach (var chunk in chunks)
                    Line(text, $"{indent}{Time(chunk.BootTimeMs)} {(chunk.Sent ? "tx" : "rx")} {chunk.Hex}");
            }

            string Time(long bootTimeMs) => (now - TimeSpan.FromMilliseconds(port.NowMs - bootTimeMs)).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        }

        return text.ToString();
    }

    static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
