using Google.Protobuf;
using ZstdSharp;

namespace EdgeHub.Wire;

/// <summary>An MQTT payload to an envelope and back. Not for two threads at once: it keeps its compressor.</summary>
public sealed class EnvelopeCodec : IDisposable
{
    // Below this a zstd frame saves nothing.
    const int CompressBytesMin = 256;
    const int CompressionLevel = 1;
    static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    readonly Compressor compressor = new(CompressionLevel);
    readonly Decompressor decompressor = new();

    public byte[] Encode(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var message = new Proto.Envelope
        {
            Version = WireLimits.EnvelopeVersion,
            Gateway = envelope.Gateway,
            Spool = ByteString.CopyFrom(envelope.Spool.ToByteArray()),
            SpoolClass = envelope.Class,
            FirstNumber = envelope.FirstNumber,
            ChainBefore = ByteString.CopyFrom(envelope.ChainBefore.ToByteArray()),
            ChainAfter = ByteString.CopyFrom(envelope.ChainAfter().ToByteArray()),
            Lane = envelope.Lane,
        };
        foreach (var record in envelope.Records)
            message.Records.Add(UnsafeByteOperations.UnsafeWrap(record));
        var plain = message.ToByteArray();
        return plain.Length < CompressBytesMin ? plain : compressor.Wrap(plain).ToArray();
    }

    /// <summary>
    /// Null and a reason for anything that is not an intact envelope: size, counts, version, numbers and the chain over
    /// the records are all checked. The records themselves stay opaque.
    /// </summary>
    public Envelope? TryDecode(ReadOnlyMemory<byte> payload, out string reason)
    {
        if (payload.Length > WireLimits.PayloadBytesMax)
        {
            reason = $"a payload has at most {WireLimits.PayloadBytesMax} bytes, this one {payload.Length}";
            return null;
        }

        if (payload.Span.StartsWith(ZstdMagic) && !TryDecompress(ref payload, out reason))
            return null;
        var message = ProtoReader.TryRead(payload.Span, Proto.Envelope.Parser, out reason);
        if (message is null)
            return null;
        reason = Check(message) ?? "";
        if (reason.Length > 0)
            return null;
        var envelope = new Envelope(
            message.Gateway,
            SpoolId.Read(message.Spool.Span),
            message.SpoolClass,
            message.Lane,
            message.FirstNumber,
            [.. message.Records.Select(record => record.Memory)],
            RecordHash.Read(message.ChainBefore.Span));
        if (envelope.ChainAfter() == RecordHash.Read(message.ChainAfter.Span))
            return envelope;
        reason = "the chain over the records does not reach the envelope's chain value: bytes were changed on the way";
        return null;
    }

    public void Dispose()
    {
        compressor.Dispose();
        decompressor.Dispose();
    }

    bool TryDecompress(ref ReadOnlyMemory<byte> payload, out string reason)
    {
        try
        {
            // The frame's own header is the sender's word: it is checked before a byte is allocated for it.
            if (Decompressor.GetDecompressedSize(payload.Span) > WireLimits.EnvelopeBytesMax)
            {
                reason = $"the payload unpacks to more than {WireLimits.EnvelopeBytesMax} bytes";
                return false;
            }

            payload = decompressor.Unwrap(payload.Span, WireLimits.EnvelopeBytesMax).ToArray();
            reason = "";
            return true;
        }
        catch (ZstdException e)
        {
            reason = $"not a whole zstd frame: {e.Message}";
            return false;
        }
    }

    static string? Check(Proto.Envelope message)
    {
        if (message.Version is 0 or > WireLimits.EnvelopeVersion)
            return $"envelope version {message.Version} is not known here";
        if (!Identifiers.IsId(message.Gateway))
            return "the envelope names no gateway";
        if (message.Spool.Length != SpoolId.Size)
            return "the envelope names no spool";
        if (message.SpoolClass is not (Proto.SpoolClass.Urgent or Proto.SpoolClass.Normal))
            return "the envelope's class is neither urgent nor normal";
        if (message.Records.Count is 0 or > WireLimits.RecordsPerEnvelopeMax)
            return $"an envelope has 1 to {WireLimits.RecordsPerEnvelopeMax} records, this one {message.Records.Count}";
        if (message.FirstNumber == 0 || message.FirstNumber > long.MaxValue - WireLimits.RecordsPerEnvelopeMax)
            return "the envelope's first number is not a number from 1";
        if (message.ChainBefore.Length != RecordHash.Size || message.ChainAfter.Length != RecordHash.Size)
            return "the envelope's chain values are not 32 bytes";
        return message.Records.Any(record => record.Length > WireLimits.RecordBytesMax) ? "a record is too long" : null;
    }
}
