using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>An envelope that was sent and is not acked whole.</summary>
sealed class Flight(ulong envelope, SpoolId spool, NumberRange numbers, Lane lane, int attempt, TimeSpan sentAt, TimeSpan deadline)
{
    public ulong Envelope => envelope;

    public SpoolId Spool => spool;

    public Lane Lane => lane;

    public int Attempt => attempt;

    public TimeSpan SentAt => sentAt;

    public TimeSpan Deadline => deadline;

    public NumberRange Numbers { get; set; } = numbers;

    /// <summary>Bytes of its records, as far as they are known.</summary>
    public int Bytes { get; set; }

    /// <summary>The broker has it.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>The broker has it and knows nobody who subscribes (MQTT 5, reason code 0x10).</summary>
    public bool HasNoSubscriber { get; set; }
}
