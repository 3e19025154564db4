namespace EdgeHub.Edge.Sensors.Frames;

/// <summary>
/// Finds the frames of one format in a stream of bytes, whatever the bytes are and however they are split. A frame whose checksum
/// is wrong is never a frame; the search then goes on at its second byte, so that a true frame that began inside is not lost with it.
/// </summary>
public sealed class FrameFinder
{
    readonly FrameFormat format;
    readonly byte[] held;
    readonly byte[] last;
    int heldCount;
    int lastCount;
    bool lastIsReported;

    /// <summary>Bytes of a bad frame that are still held: they were reported with it and are not garbage a second time.</summary>
    int excused;

    /// <summary>Everything up to the next delimiter belongs to a frame whose start is lost.</summary>
    bool skipping;

    public FrameFinder(FrameFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        this.format = format;
        held = new byte[format.BytesMax];
        last = new byte[format.BytesMax];
        skipping = format is { Delimiter: not null, StartsWhole: false };
    }

    /// <summary>The bytes of the last result, garbage cut at the length of the longest frame. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Last => last.AsSpan(0, lastCount);

    /// <summary>Takes bytes from <paramref name="input"/> up to the next result. Call again with what is left until it says <see cref="FrameStatus.NeedMore"/>.</summary>
    public FrameStatus Read(ref ReadOnlySpan<byte> input)
    {
        if (lastIsReported)
            lastCount = 0;
        lastIsReported = false;
        while (true)
        {
            var length = 0;
            while (heldCount > 0 && (length = format.Length(held.AsSpan(0, heldCount))) == FrameFormat.NoFrame)
                Drop();
            if (lastCount == last.Length || (lastCount > 0 && heldCount > 0 && length > 0))
                return Report(FrameStatus.Garbage);
            if (heldCount > 0 && length > 0 && heldCount >= length)
                return Finish(length);
            if (heldCount == held.Length)
            {
                Drop(); // A length that is never told, or told beyond the limit: no frame.
                continue;
            }

            if (input.IsEmpty)
                return FrameStatus.NeedMore;
            Take(input[0]);
            input = input[1..];
        }
    }

    void Take(byte next)
    {
        if (!skipping)
        {
            held[heldCount++] = next;
            return;
        }

        Reject(next);
        skipping = next != format.Delimiter;
    }

    FrameStatus Finish(int length)
    {
        var frame = held.AsSpan(0, length);
        frame.CopyTo(last);
        lastCount = length;
        if (format.IsChecked(frame))
        {
            excused = 0;
            Remove(length);
            return Report(FrameStatus.Frame);
        }

        if (format.Delimiter is null)
        {
            excused = length - 1;
            Remove(1);
        }
        else
        {
            Remove(length);
        }

        return Report(FrameStatus.BadChecksum);
    }

    FrameStatus Report(FrameStatus status)
    {
        lastIsReported = true;
        return status;
    }

    // No frame begins with what is held: one byte goes, or, where only delimiters tell frames apart, all of it and what follows.
    void Drop()
    {
        var count = format.Delimiter is null ? 1 : heldCount;
        for (var i = 0; i < count; i++)
            if (excused > 0)
                excused--;
            else
                Reject(held[i]);
        skipping = format.Delimiter is { } end && held[count - 1] != end;
        Remove(count);
    }

    void Reject(byte value)
    {
        if (lastCount < last.Length)
            last[lastCount++] = value;
    }

    void Remove(int bytes)
    {
        heldCount -= bytes;
        held.AsSpan(bytes, heldCount).CopyTo(held);
    }
}
