namespace EdgeHub.DeviceSims.Doubles;

/// <summary>Finds commands of one fixed length among the bytes that reach a device; what is none is passed over byte by byte.</summary>
/// <param name="head">The bytes each command begins with.</param>
/// <param name="isRight">Whether the checksum of a whole command is right.</param>
sealed class CommandFramer(int length, byte[] head, Func<byte[], bool> isRight)
{
    readonly List<byte> bytes = [];

    /// <summary>The commands that the bytes complete, in order.</summary>
    public IReadOnlyList<byte[]> Push(ReadOnlySpan<byte> more)
    {
        var commands = new List<byte[]>();
        foreach (var next in more)
        {
            bytes.Add(next);
            while (bytes.Count > 0 && !CouldBegin())
                bytes.RemoveAt(0);
            if (bytes.Count < length)
                continue;
            commands.Add([.. bytes]);
            bytes.Clear();
        }

        return commands;
    }

    bool CouldBegin()
    {
        for (var i = 0; i < head.Length && i < bytes.Count; i++)
            if (bytes[i] != head[i])
                return false;
        return bytes.Count < length || isRight([.. bytes]);
    }
}
