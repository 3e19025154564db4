namespace EdgeHub.Edge.Uplink;

/// <summary>Every bound of the Forwarder's step.</summary>
public sealed record ForwarderLimits
{
    /// <summary>Envelopes sent and not acked; the server's Receive Maximum counts when it is smaller. Default 20.</summary>
    public int InFlightMax { get; init; } = 20;

    /// <summary>Records of one envelope. Default 128.</summary>
    public int RecordsPerEnvelopeMax { get; init; } = 128;

    /// <summary>Record bytes of one envelope; one longer record goes alone. Default 64 KiB.</summary>
    public int BytesPerEnvelopeMax { get; init; } = 64 << 10;

    /// <summary>How long the live lane gathers records into one envelope. Default 1 s; a large fleet uses 60 s.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an envelope waits for its ack before it goes again. Default 10 s.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait before an envelope goes again; it doubles each time. Default 1 s.</summary>
    public TimeSpan ResendDelayFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait. Default 5 min.</summary>
    public TimeSpan ResendDelayMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait between two probes while no ack comes at all. Default 1 min.</summary>
    public TimeSpan ProbeDelayMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Envelopes that wait to go again by themselves; beyond it their records rejoin the queue. Default 1000.</summary>
    public int ResendsMax { get; init; } = 1000;

    /// <summary>Ack latency up to which the backlog may take more of the window. Default 1 s.</summary>
    public TimeSpan BacklogLatencyTarget { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Backlog envelopes a second, whatever the latency says. Default 200.</summary>
    public int BacklogEnvelopesPerSecondMax { get; init; } = 200;

    /// <summary>An envelope that failed so often while others are acked is halved, until the poison in it stands alone.</summary>
    public int AttemptsBeforeSplit { get; init; } = 3;

    /// <summary>Connections in a row that broke with envelopes on the way and without any ack; then one goes at a time.</summary>
    public int BreaksBeforeProbe { get; init; } = 3;
}
