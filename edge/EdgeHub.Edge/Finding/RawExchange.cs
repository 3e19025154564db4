using EdgeHub.Edge.Sensors;

namespace EdgeHub.Edge.Finding;

/// <summary>Picks from a port's last minutes the bytes that a value was read from. Pure.</summary>
static class RawExchange
{
    /// <summary>Bytes of a stream that are shown: two frames of most makes.</summary>
    const int BytesMax = 128;

    /// <summary>A longer silence parts what belongs to a value from what came before.</summary>
    const long SilenceMs = 300;

    /// <summary>The question and what came after it, or, where none was sent, what came in one run, up to that moment.</summary>
    public static (string? Asked, string? Raw) Before(IReadOnlyList<RawChunk> chunks, long bootTimeMs)
    {
        var raw = "";
        var after = bootTimeMs;
        for (var i = chunks.Count - 1; i >= 0; i--)
        {
            var chunk = chunks[i];
            if (chunk.BootTimeMs > bootTimeMs)
                continue;
            if (chunk.Sent)
                return (chunk.Hex, raw.Length > 0 ? raw : null);
            if (raw.Length > 0 && (after - chunk.BootTimeMs > SilenceMs || (raw.Length + chunk.Hex.Length) / 2 > BytesMax))
                break;
            raw = chunk.Hex + raw;
            after = chunk.BootTimeMs;
        }

        return (null, raw.Length > 0 ? raw : null);
    }
}
