namespace EdgeHub.Simulation.Network;

/// <summary>How badly the broker behaves just now, in thousandths of the messages.</summary>
sealed class BrokerRules
{
    /// <summary>Records that are confirmed to the box and go nowhere.</summary>
    public int LostAfterPubAck { get; set; }

    public int Doubled { get; set; }

    /// <summary>Delivered late, behind what was sent after them.</summary>
    public int Delayed { get; set; }

    public int AcksLost { get; set; }

    public int AcksDoubled { get; set; }

    public int AcksDelayed { get; set; }

    /// <summary>Refused with a reason code.</summary>
    public int Refused { get; set; }

    /// <summary>How late the late ones are at most.</summary>
    public TimeSpan DelayMax { get; set; } = TimeSpan.FromSeconds(20);

    public ushort ReceiveMaximum { get; set; } = 20;

    public void BehaveWell() => (LostAfterPubAck, Doubled, Delayed, AcksLost, AcksDoubled, AcksDelayed, Refused) = (0, 0, 0, 0, 0, 0, 0);
}
