namespace EdgeHub.Wire;

/// <summary>What one side may send and the other must take. Beyond these a message is malformed, whoever sent it.</summary>
public static class WireLimits
{
    /// <summary>Version of <see cref="Proto.Envelope"/> that this code writes; it reads this one and the one before.</summary>
    public const uint EnvelopeVersion = 1;

    /// <summary>An MQTT payload as it travels.</summary>
    public const int PayloadBytesMax = 1 << 20;

    /// <summary>An envelope after decompression.</summary>
    public const int EnvelopeBytesMax = 4 << 20;

    public const int RecordsPerEnvelopeMax = 1024;

    public const int RecordBytesMax = 256 << 10;

    public const int ReadingsPerBlockMax = 4096;

    public const int StreamsPerCatalogMax = 4096;

    public const int MinutesPerAggregatesMax = 8192;

    public const int CountsPerRecordMax = 4096;

    /// <summary>Characters of any text field of a record.</summary>
    public const int TextLengthMax = 256;

    /// <summary>Interval and heartbeat of a stream: ten years.</summary>
    public const ulong SamplingMsMax = 3650UL * 24 * 3600 * 1000;

    /// <summary>Nesting of JSON messages.</summary>
    public const int DepthMax = 8;

    public const int RangesPerMessageMax = 1024;

    /// <summary>An ack or status as JSON.</summary>
    public const int JsonBytesMax = 256 << 10;
}
