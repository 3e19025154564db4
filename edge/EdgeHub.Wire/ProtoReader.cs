using Google.Protobuf;

namespace EdgeHub.Wire;

/// <summary>Parses protobuf, whose library limits the depth to 100; malformed bytes are a reason, never an exception.</summary>
static class ProtoReader
{
    public static T? TryRead<T>(ReadOnlySpan<byte> bytes, MessageParser<T> parser, out string reason) where T : class, IMessage<T>
    {
        try
        {
            reason = "";
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            reason = $"not valid protobuf: {e.Message}";
            return null;
        }
    }
}
