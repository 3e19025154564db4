namespace EdgeHub.DeviceSims.Demo;

/// <summary>One thing that goes wrong.</summary>
enum Strike
{
    Replug,
    CutBroker,
    KillEdge,
    KillBridge,
}

static class StrikeExtensions
{
    public static string Words(this Strike strike) => strike switch
    {
        Strike.Replug => "re-plug of the air sensor's line",
        Strike.CutBroker => "cut of the broker",
        Strike.KillEdge => "kill -9 of the edge",
        _ => "kill -9 of the bridge",
    };
}
