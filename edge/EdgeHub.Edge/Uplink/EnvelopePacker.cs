using EdgeHub.Edge.Spool;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Uplink;

/// <summary>Records of the spool to the payload of one envelope. Not for two threads at once.</summary>
public sealed partial class EnvelopePacker(string gateway, SpoolDoor spools, int recordsMax, ILogger logger) : IDisposable
{
    /// <summary>Topic, ids, chain values and field tags around the records, in bytes.</summary>
    public const int OverheadBytes = 512;

    readonly EnvelopeCodec codec = new();

    /// <summary>As many records from the first number on as the limits take, at least one; null when the first cannot be read.</summary>
    public (byte[] Payload, RecordRun Run)? Pack(SpoolId spool, NumberRange numbers, Lane lane, int bytesMax)
    {
        try
        {
            if (spools.Read(spool, numbers, recordsMax, Math.Max(1, bytesMax)) is { } run && run.First == numbers.First)
                return (codec.Encode(new Wire.Envelope(gateway, run.Spool, run.Class, lane, run.First, run.Records, run.ChainBefore)), run);
        }
        catch (IOException e)
        {
            LogUnreadable(spool, numbers, e.Message);
        }

        return null;
    }

    public void Dispose() => codec.Dispose();

    [LoggerMessage(317, LogLevel.Error, "Records {Numbers} of spool {Spool} cannot be read: {Reason}")]
    private partial void LogUnreadable(SpoolId spool, NumberRange numbers, string reason);
}
