using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Crc32Arm = System.Runtime.Intrinsics.Arm.Crc32;
using Sse42 = System.Runtime.Intrinsics.X86.Sse42;

namespace EdgeHub.Edge.Spool;

/// <summary>CRC-32C (Castagnoli, RFC 3720 B.4) by the processor's own instruction, eight bytes a step.</summary>
public static class Crc32C
{
    const uint Polynomial = 0x82F63B78;

    static readonly uint[] Table = MakeTable();

    /// <summary>The checksum that starts at a seed instead of 0: another seed, another checksum for every input.</summary>
    public static uint Of(ulong seed, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        Span<byte> seedBytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(seedBytes, seed);
        return ~Update(Update(Update(uint.MaxValue, seedBytes), first), second);
    }

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Update(uint.MaxValue, bytes);

    static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        if (Sse42.X64.IsSupported)
        {
            ulong wide = crc;
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
                wide = Sse42.X64.Crc32(wide, word);
            crc = (uint)wide;
            foreach (var one in bytes[(bytes.Length & ~7)..])
                crc = Sse42.Crc32(crc, one);
            return crc;
        }

        if (Crc32Arm.Arm64.IsSupported)
        {
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
                crc = Crc32Arm.Arm64.ComputeCrc32C(crc, word);
            foreach (var one in bytes[(bytes.Length & ~7)..])
                crc = Crc32Arm.ComputeCrc32C(crc, one);
            return crc;
        }

        return UpdateByTable(crc, bytes);
    }

    internal static uint UpdateByTable(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        return crc;
    }

    static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) == 0 ? 0 : Polynomial);
            table[i] = value;
        }

        return table;
    }
}
