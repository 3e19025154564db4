using EdgeHub.Edge.Sensors;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Finding;

/// <summary>The newest value of one stream.</summary>
/// <param name="Value">In <paramref name="Unit"/> (UCUM); null where none came.</param>
/// <param name="Quality">good, uncertain or bad; null without a value.</param>
/// <param name="Code">The code of the quality; null without a value.</param>
sealed record ValueLook(string Quantity, double? Value, string Unit, string? Quality, int? Code, double? AgeSeconds)
{
    public static ValueLook Of(StreamStatus stream, long nowMs) => stream.Last is { } last
        ? new ValueLook(stream.Quantity, last.Value, stream.Unit, last.Quality.Grade(), (int)last.Quality, Math.Max(0, nowMs - last.BootTimeMs) / 1000.0)
        : new ValueLook(stream.Quantity, null, stream.Unit, null, null, null);
}
