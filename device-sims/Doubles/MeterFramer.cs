namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Finds the frames of meters among the bytes on a bus: they begin with 68, end with a sum and 16, and say their length.</summary>
/// <param name="controlAt">Where the control code stands; the length of the data follows it.</param>
sealed class MeterFramer(int controlAt)
{
    const byte Start = 0x68;
    const byte End = 0x16;
    const int BytesMax = 300;

    readonly List<byte> bytes = [];

    /// <summary>The frames that the bytes complete, in order.</summary>
    public IReadOnlyList<byte[]> Push(ReadOnlySpan<byte> more)
    {
        bytes.AddRange(more);
        var frames = new List<byte[]>();
        while (bytes.Count > controlAt + 1)
        {
            var length = controlAt + 4 + bytes[controlAt + 1];
            if (bytes[0] == Start && bytes.Count < length && length <= BytesMax)
                break;
            if (bytes[0] == Start && length <= BytesMax && bytes[length - 1] == End && PackedDigits.Sum([.. bytes.Take(length - 2)]) == bytes[length - 2])
            {
                frames.Add([.. bytes.Take(length)]);
                bytes.RemoveRange(0, length);
            }
            else
            {
                bytes.RemoveAt(0);
            }
        }

        return frames;
    }

    /// <summary>The line has fallen silent: what began is over.</summary>
    public void Clear() => bytes.Clear();
}
