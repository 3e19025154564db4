using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeHub.Wire;

/// <summary>
/// SHA-256 over a record's exact bytes, and the chain over them: c(0) = 32 zero bytes, c(n) = SHA-256(c(n-1) ‖ hash(n)).
/// Four words instead of an array, so that thousands cost no garbage.
/// </summary>
public readonly record struct RecordHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Size = 32;

    /// <summary>The chain value before the first record.</summary>
    public static RecordHash Zero => default;

    public static RecordHash Of(ReadOnlySpan<byte> record)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(record, hash);
        return Read(hash);
    }

    public static RecordHash Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    /// <summary>The chain value after <paramref name="next"/>, when this is the one before it.</summary>
    public RecordHash Then(RecordHash next)
    {
        Span<byte> pair = stackalloc byte[2 * Size];
        Write(pair);
        next.Write(pair[Size..]);
        return Of(pair);
    }

    /// <summary>The digest of an ack: SHA-256 over the hashes of its records, ascending by number.</summary>
    public static RecordHash DigestOf(IEnumerable<RecordHash> ascending)
    {
        ArgumentNullException.ThrowIfNull(ascending);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[Size];
        foreach (var hash in ascending)
        {
            hash.Write(buffer);
            sha.AppendData(buffer);
        }

        sha.GetHashAndReset(buffer);
        return Read(buffer);
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, A);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], D);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    public static bool TryParse(string? hex, out RecordHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (hex is not { Length: 2 * Size } || Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != Size)
            return false;
        hash = Read(bytes);
        return true;
    }

    public override string ToString() => Convert.ToHexStringLower(ToByteArray());
}
