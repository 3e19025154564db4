namespace EdgeHub.Edge.Uplink;

/// <summary>How the uplink stands: one sentence, and what to do about it (empty when nothing needs doing).</summary>
public sealed record UplinkState(UplinkCondition Condition, string Sentence, string Fix)
{
    public static UplinkState Starting { get; } = new(UplinkCondition.Starting, "The uplink is starting.", "");

    /// <summary>Whether urgent and live records reach the city, perhaps by another way than the first or within a budget.</summary>
    public bool IsGood => Condition is UplinkCondition.Delivering or UplinkCondition.StandingIn or UplinkCondition.BudgetSpent;

    /// <summary>Whether nothing needs doing.</summary>
    public bool IsBest => Condition == UplinkCondition.Delivering;

    public override string ToString() => Fix.Length == 0 ? Sentence : $"{Sentence} {Fix}";

    /// <summary>What the step's word means to a person, while the broker is connected.</summary>
    public static UplinkState Of(DeliveryState delivery, string broker) => delivery switch
    {
        DeliveryState.Delivering => new(UplinkCondition.Delivering, $"Connected to {broker}.", ""),
        DeliveryState.BrokerSilent => new(UplinkCondition.BrokerSilent, $"{broker} does not confirm what is sent.", "Check the link; the broker may be overloaded."),
        DeliveryState.NobodyStores => new(UplinkCondition.NobodyStores, $"{broker} takes what is sent, and nobody stores it.", "Check that cloud-bridge runs, reads this broker and reaches its database, and that this box may read its ack topic."),
        DeliveryState.NobodySubscribes => new(UplinkCondition.NobodySubscribes, $"{broker} says that nobody subscribes to the records, and nobody stores them.", "Start cloud-bridge, or compare its topic prefix with this box's."),
        DeliveryState.NotAuthorised => new(UplinkCondition.NotAuthorised, $"{broker} does not let this user publish records.", "Allow it in the broker's access list."),
        DeliveryState.QuotaExceeded => new(UplinkCondition.QuotaExceeded, $"{broker} says that a quota is used up.", "Raise the broker's quota; the box tries again by itself."),
        DeliveryState.Refused => new(UplinkCondition.EnvelopeRefused, $"{broker} refuses an envelope.", "Compare the broker's greatest packet size with uplink.bytesPerEnvelope; its log says more."),
        DeliveryState.ForeignStore => new(UplinkCondition.ForeignStore, "Acks come from another store than the one this box is bound to; they release nothing.", "If the city has a new database on purpose, set uplink.storeId to its id; else find who else answers."),
        DeliveryState.DigestDiffers => new(UplinkCondition.DigestDiffers, "The store acks other bytes than this box recorded; nothing is released.", "Look for a second box with this gateway id, or a damaged store."),
        _ => throw new ArgumentOutOfRangeException(nameof(delivery)),
    };
}
