namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A correct frame that is about to go on the wire, and the values it carries (none in an acknowledgement or an exception).</summary>
public sealed record Emission(ReadOnlyMemory<byte> Frame, IReadOnlyList<SentValue> Values)
{
    /// <summary>Bytes before the frame that say nothing and that no checksum covers, as a meter's FE.</summary>
    public ReadOnlyMemory<byte> Preamble { get; init; }
}
