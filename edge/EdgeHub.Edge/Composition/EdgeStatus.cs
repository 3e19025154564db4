using EdgeHub.Hosting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Composition;

/// <summary>Gathers what the rooms say of themselves into the one report of the box, and its one sentence.</summary>
sealed class EdgeStatus(EdgeOptions options, StartCounter starts, TimeProvider time)
{
    readonly long startedAt = time.GetTimestamp();

    public StatusReport Report() => new(
        Sentence(),
        starts.RecordOnly ? StatusSeverity.Degraded : StatusSeverity.Ok,
        Daemon.Version,
        options.Gateway.Id,
        (long)time.GetElapsedTime(startedAt).TotalMilliseconds,
        [],
        new UplinkReport("off", "", "", null, 0),
        new SpoolReport("empty", 0, 0, null, 0),
        new Dictionary<string, long>());

    string Sentence()
    {
        if (starts.RecordOnly)
            return $"Recording only: {starts.Starts} starts without progress; nothing is forwarded. Look at the log (journalctl -u edgehub), mend the fault, restart.";
        return options.SensorCount == 0 ? "Ok, but no sensors are configured: add them to the configuration and restart." : "Ok.";
    }
}
