using System.Buffers.Binary;
using System.IO.Hashing;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>Opens the file with a counter's total, by the sensor's id.</summary>
public delegate TotalFile OpenTotal(string sensor);

/// <summary>
/// A total that outlasts a power cut: two slots in pages of their own, written in turn and synced; the valid one of the higher number
/// counts. A torn write spoils one slot and never the other, which holds what was saved before.
/// </summary>
public abstract class TotalFile
{
    /// <summary>A slot has a page to itself: no write touches the other one.</summary>
    public const int SlotBytes = 4096;

    const uint Magic = 0x54504845; // "EHPT"
    const int RecordBytes = 24;

    ulong number;

    /// <summary>For messages.</summary>
    public abstract string Name { get; }

    /// <summary>The last total that was saved; 0 where none ever was; null where both slots are damaged.</summary>
    public ulong? Load()
    {
        var bytes = ReadAll();
        ulong? total = null;
        for (var slot = 0; slot < 2 && bytes.Length >= (slot * SlotBytes) + RecordBytes; slot++)
            if (Read(bytes.AsSpan(slot * SlotBytes, RecordBytes)) is var (slotNumber, slotTotal) && (total is null || slotNumber > number))
                (number, total) = (slotNumber, slotTotal);
        // The very first save goes to the second slot: while the first one is empty nothing was ever saved.
        return total ?? (bytes.Take(SlotBytes).Any(part => part != 0) ? null : 0);
    }

    /// <summary>Saves; done when the medium has it. Never called again before it is done.</summary>
    /// <exception cref="IOException">The medium refuses.</exception>
    public async Task SaveAsync(ulong total)
    {
        var record = new byte[RecordBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(record, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(4), number + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(12), total);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(20), Crc32.HashToUInt32(record.AsSpan(0, 20)));
        await WriteAsync((long)((number + 1) % 2) * SlotBytes, record);
        number++;
    }

    /// <summary>The whole file; nothing when there is none yet.</summary>
    protected abstract byte[] ReadAll();

    /// <summary>Writes and syncs, off the caller's thread.</summary>
    protected abstract Task WriteAsync(long offset, byte[] bytes);

    static (ulong Number, ulong Total)? Read(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Magic && BinaryPrimitives.ReadUInt32LittleEndian(record[20..]) == Crc32.HashToUInt32(record[..20])
            ? (BinaryPrimitives.ReadUInt64LittleEndian(record[4..]), BinaryPrimitives.ReadUInt64LittleEndian(record[12..]))
            : null;
}
