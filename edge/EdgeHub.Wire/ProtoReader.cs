using Google.Protobuf;

namespace EdgeHub.Wire;

/// <summary>Parses protobuf with a depth limit; malformed bytes are a reason, never an exception.</summary>
static class ProtoReader
{
    public static T? TryRead<T>(ReadOnlyMemory<byte> bytes, MessageParser<T> parser, out string reason) where T : class, IMessage<T>
    {
        try
        {
            reason = "";
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            using var input = CodedInputStream.CreateWithLimits(stream, WireLimits.EnvelopeBytesMax + 1, WireLimits.DepthMax);
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            reason = $"not valid protobuf: {e.Message}";
            return null;
        }
    }
}
