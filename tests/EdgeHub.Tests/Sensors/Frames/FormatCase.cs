using EdgeHub.Edge.Sensors.Frames;

namespace EdgeHub.Tests.Sensors.Frames;

/// <summary>One decoder under test.</summary>
/// <param name="Golden">Whole frames, recomputed by a script that knows only the datasheets.</param>
/// <param name="TrueFrame">The judge: length of the true frame that begins at a place, written from the datasheet by itself; 0 where there is none.</param>
/// <param name="Flush">Bytes that end whatever was begun.</param>
sealed record FormatCase(string Name, Func<FrameFormat> Format, IReadOnlyList<byte[]> Golden, Func<byte[], int, int> TrueFrame, byte[] Flush)
{
    /// <summary>Everything that is found in the chunks, frames with a copy of their bytes.</summary>
    public List<(FrameStatus Status, byte[] Bytes)> Find(IEnumerable<byte[]> chunks)
    {
        var finder = new FrameFinder(Format());
        var found = new List<(FrameStatus, byte[])>();
        foreach (var chunk in chunks)
        {
            ReadOnlySpan<byte> rest = chunk;
            FrameStatus status;
            while ((status = finder.Read(ref rest)) != FrameStatus.NeedMore)
                found.Add((status, finder.Last.ToArray()));
        }

        return found;
    }

    public IEnumerable<byte[]> Frames(IEnumerable<byte[]> chunks) => Find(chunks).Where(item => item.Status == FrameStatus.Frame).Select(item => item.Bytes);

    /// <summary>What the judge finds: the same search, place by place.</summary>
    public IEnumerable<byte[]> Expected(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = TrueFrame(bytes, at);
            if (length > 0)
                yield return bytes[at..(at + length)];
            at += Math.Max(1, length);
        }
    }
}
