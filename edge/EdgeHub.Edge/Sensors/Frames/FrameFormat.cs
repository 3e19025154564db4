namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>
/// How the frames of one protocol look and what they say. Pure and total: no bytes make it throw. <see cref="FrameFinder"/> does
/// the searching, so a format only answers questions about bytes that begin where a frame might.
/// </summary>
public abstract class FrameFormat
{
    /// <summary>Answer of <see cref="Length"/>: no frame begins like this.</summary>
    public const int NoFrame = -1;

    /// <summary>Length of the longest frame.</summary>
    public abstract int BytesMax { get; }

    /// <summary>
    /// Where every frame ends with this byte and none has a mark at its start: what is bad is dropped up to it, and so is what
    /// comes first after opening, which may be the end of a frame. Null where a frame is told by its start.
    /// </summary>
    public virtual byte? Delimiter => null;

    /// <summary>Of a format with a delimiter: whether the first byte after opening is the first of a frame.</summary>
    public virtual bool StartsWhole => false;

    /// <summary>Bytes of the frame that begins so: 0 while that cannot be told, <see cref="NoFrame"/> when none does.</summary>
    /// <param name="start">At least one byte, at most <see cref="BytesMax"/>.</param>
    public abstract int Length(ReadOnlySpan<byte> start);

    /// <summary>Whether the checksum of a frame of that length is right.</summary>
    public abstract bool IsChecked(ReadOnlySpan<byte> frame);

    /// <summary>Which instrument sent a checked frame; null where its frames do not say so.</summary>
    public virtual string? Identity(ReadOnlySpan<byte> frame) => null;

    /// <summary>What a checked frame says.</summary>
    public abstract SensorFrame Parse(ReadOnlySpan<byte> frame);
}
