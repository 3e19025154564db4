using System.Buffers.Binary;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Finds host commands among the bytes that reach a PMS5003; what is no command with a right sum is passed over byte by byte.</summary>
public sealed class PmsCommandFramer
{
    private const int CommandBytes = 7;
    private const int SumAt = 5;

    /// <summary>More than a command long means that the rest has been looked at already, so this never grows further.</summary>
    private readonly List<byte> _bytes = new(CommandBytes);

    /// <summary>Takes the next byte; returns a command when the byte completes one.</summary>
    public PmsCommand? Push(byte next)
    {
        _bytes.Add(next);
        while (_bytes.Count > 0 && !CouldBegin())
        {
            _bytes.RemoveAt(0);
        }

        if (_bytes.Count < CommandBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> frame = [.. _bytes];
        var command = new PmsCommand(frame[2], BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
        _bytes.Clear();
        return command;
    }

    private bool CouldBegin()
    {
        if (_bytes[0] != 0x42 || (_bytes.Count > 1 && _bytes[1] != 0x4D))
        {
            return false;
        }

        return _bytes.Count < CommandBytes || _bytes.Take(SumAt).Sum(part => part) == (_bytes[SumAt] << 8) + _bytes[SumAt + 1];
    }
}
