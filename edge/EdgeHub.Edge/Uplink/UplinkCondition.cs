namespace EdgeHub.Edge.Uplink;

/// <summary>What can be said of an uplink, one word each; <see cref="UplinkState"/> adds the sentence and the fix.</summary>
public enum UplinkCondition
{
    Starting,
    Standby,
    Delivering,
    StandingIn,
    BudgetSpent,
    NoSource,
    HostUnknown,
    ConnectionRefused,
    Unreachable,
    TimedOut,
    LoginRefused,
    BrokerRefuses,
    ProtocolRefused,
    Tls,
    ClockUnknown,
    TakenOver,
    TakeOverSuspected,
    TwinTold,
    LinkLost,
    AckTopicDenied,
    BrokerSilent,
    NobodyStores,
    NobodySubscribes,
    NotAuthorised,
    QuotaExceeded,
    EnvelopeRefused,
    ForeignStore,
    DigestDiffers,
}
