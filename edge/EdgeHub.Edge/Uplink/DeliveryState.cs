namespace EdgeHub.Edge.Uplink;

/// <summary>How delivery stands while the broker is connected.</summary>
public enum DeliveryState
{
    /// <summary>Nothing speaks against it: acks come, or nothing was sent yet.</summary>
    Delivering,

    /// <summary>The broker does not even confirm that it has the messages.</summary>
    BrokerSilent,

    /// <summary>The broker takes the messages, and no ack comes.</summary>
    NobodyStores,

    /// <summary>The broker says that nobody subscribes (reason code 0x10), and no ack comes.</summary>
    NobodySubscribes,

    /// <summary>The broker says that this user may not publish here (0x87).</summary>
    NotAuthorised,

    /// <summary>The broker says that a quota is used up (0x97).</summary>
    QuotaExceeded,

    /// <summary>The broker refuses the messages for another reason (0x80 and up).</summary>
    Refused,

    /// <summary>Acks come from another store than the pinned one.</summary>
    ForeignStore,

    /// <summary>The store acks something else than what we sent.</summary>
    DigestDiffers,
}
