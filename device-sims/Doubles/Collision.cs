namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// What a reader sees when two drivers of one RS-485 pair talk at once: where both send, a 0 of either wins, for each is the stronger
/// in turn and a receiver takes the start bit of whichever comes first. The later one begins a character behind.
/// </summary>
public static class Collision
{
    public static byte[] Of(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var wire = new byte[frames.Index().Max(entry => entry.Index + entry.Item.Length)];
        Array.Fill(wire, byte.MaxValue);
        foreach (var (late, frame) in frames.Index())
            for (var i = 0; i < frame.Length; i++)
                wire[late + i] &= frame.Span[i];
        return wire;
    }
}
