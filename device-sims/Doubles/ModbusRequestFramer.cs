namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// Finds requests among the bytes on a bus, as a slave does: the functions 1 to 6 have eight bytes, others
/// end where the line falls silent. What silence finds without a right CRC is thrown away and counted.
/// </summary>
public sealed class ModbusRequestFramer
{
    /// <summary>The longest frame there is (Modbus over serial line V1.02, §2.5.1).</summary>
    private const int FrameBytesMax = 256;

    private const int ShortRequestBytes = 8;
    private const int FunctionAt = 1;

    private readonly List<byte> _bytes = [];

    /// <summary>How many times bytes were thrown away.</summary>
    public long Rejected { get; private set; }

    /// <summary>Takes bytes as they come.</summary>
    public void Push(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Count + bytes.Length > FrameBytesMax)
        {
            Reject();
        }

        if (bytes.Length <= FrameBytesMax)
        {
            _bytes.AddRange(bytes);
        }
    }

    /// <summary>Returns the request that is complete by its length, with its CRC; null while there is none.</summary>
    public byte[]? Take()
    {
        if (_bytes.Count < ShortRequestBytes || _bytes[FunctionAt] is < 1 or > 6)
        {
            return null;
        }

        byte[] frame = [.. _bytes.Take(ShortRequestBytes)];
        if (!ModbusCrc.IsRight(frame))
        {
            return null;
        }

        _bytes.RemoveRange(0, ShortRequestBytes);
        return frame;
    }

    /// <summary>The line has fallen silent: returns the frame that all bytes together make, or throws them away.</summary>
    public byte[]? TakeAtSilence()
    {
        byte[] frame = [.. _bytes];
        if (frame.Length > FunctionAt + ModbusCrc.Bytes && ModbusCrc.IsRight(frame))
        {
            _bytes.Clear();
            return frame;
        }

        Reject();
        return null;
    }

    private void Reject()
    {
        if (_bytes.Count > 0)
        {
            _bytes.Clear();
            Rejected++;
        }
    }
}
