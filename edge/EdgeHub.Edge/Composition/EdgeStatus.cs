using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Standby;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Composition;

/// <summary>Gathers what the rooms say of themselves into one sentence, the technician's report and the city's status message.</summary>
sealed class EdgeStatus(EdgeOptions options, StartCounter starts, TimeProvider time)
{
    /// <summary>Ranges of one spool in a status message; the rest is told when these are closed.</summary>
    const int RangesMax = 64;

    readonly long startedAt = time.GetTimestamp();

    /// <summary>Set once, before anything asks.</summary>
    public EdgeRooms Rooms { get; set; } = null!;

    public StatusReport Report()
    {
        var health = Rooms.Spools.Health;
        var uplink = Rooms.Forwarder.State;
        var clock = Rooms.Clock.Now().Quality;
        var sentence = Sentence(health, out var severity);
        return new StatusReport(
            sentence,
            severity,
            Daemon.Version,
            options.Gateway.Id,
            (long)time.GetElapsedTime(startedAt).TotalMilliseconds,
            [.. Rooms.Sampler.Sensors.Select(sensor => Of(sensor.Snapshot()))],
            new UplinkReport(uplink.Condition.ToString(), uplink.ToString(), Rooms.Uplinks.Active.Broker, Rooms.Forwarder.LastAckAt is { } at ? (long)(time.GetUtcNow() - at).TotalMilliseconds : null, Rooms.Forwarder.InFlight, [.. Rooms.Uplinks.Ways.Select(Of)], (long)Rooms.Forwarder.Backlog.Records, (long?)Rooms.Forwarder.Backlog.Eta?.TotalMilliseconds, Rooms.ResendShare),
            new SpoolReport(health.Condition.ToString(), health.Sentence, (long)health.RecordedReadings, (long)health.WaitingReadings, (long)health.TombstonedReadings, (long?)health.OldestWaitingAge?.TotalMilliseconds, health.JournalBytes) { Mirror = health.Mirror?.ToString(), Wear = Rooms.Wear.Report.ToString() },
            new ClockReport(clock.ToString(), ClockWatch.Sentence(clock)),
            new Dictionary<string, long> { ["unread"] = Rooms.Sampler.Sensors.Sum(sensor => sensor.Snapshot().Streams.Sum(stream => stream.Unread.Values.Sum())) })
        {
            Lines = [.. Rooms.Sampler.Ports.Where(port => port.Shared is not null).Select(port => new LineReport(port.Port, port.Shared!.State.Word(), port.Shared.Sentence))],
        };
    }

    /// <summary>What the city is told, on connect and each minute.</summary>
    public GatewayStatus Announcement()
    {
        var health = Rooms.Spools.Health;
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["spool"] = health.Sentence,
            ["uplink"] = Rooms.Forwarder.State.ToString(),
            ["clock"] = Rooms.Clock.Now().Quality.ToString(),
            ["wear"] = Rooms.Wear.Report.ToString(),
        };
        if (health.Mirror is { } mirror)
            parts["mirror"] = mirror.ToString();
        if (Rooms.Forwarder.Twin is { } twin)
            parts["gateway-id"] = twin.ToString();
        foreach (var port in Rooms.Sampler.Ports.Where(port => port.Shared is not null))
            parts[$"line/{port.Port}"] = $"{port.Shared!.State.Word()}: {port.Shared.Sentence}";
        foreach (var sensor in Rooms.Sampler.Sensors.Select(sensor => sensor.Snapshot()))
            parts[$"sensor/{sensor.Id}"] = sensor.Condition == Condition.Ok ? "ok" : $"{sensor.Condition.Word()}: {sensor.Sentence}";
        return new GatewayStatus(
            options.Gateway.Id,
            true,
            Daemon.Version,
            EdgeRooms.BootText(Rooms.Clock),
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            Sentence(health, out _),
            parts,
            [.. Rooms.Spools.Views().Take(WireLimits.RangesPerMessageMax).Select(Of)])
        {
            Backlog = new BacklogStatus((long)Rooms.Forwarder.Backlog.Records, (long?)health.OldestWaitingAge?.TotalMilliseconds, (long?)Rooms.Forwarder.Backlog.Eta?.TotalMilliseconds),
        };
    }

    static SpoolStatus Of(SpoolView view) => new(view.Id, view.Class, view.Head, [.. view.Acked.Take(RangesMax)], [.. view.Waiting.Take(RangesMax)]);

    WayReport Of(MqttUplink way) => new(way.Name, way.Broker, way.State.Condition.ToString(), way.State.ToString(), way == Rooms.Uplinks.Active, way.Budget?.Used, way.Budget?.Allowance.ToString());

    SensorReport Of(SensorStatus sensor) => new(sensor.Id, sensor.Condition.Word(), sensor.Sentence, [.. sensor.Streams.Select(Of)]);

    StreamReport Of(StreamStatus stream) => new(
        stream.Quantity,
        stream.Last?.Value,
        stream.Unit,
        (stream.Last?.Quality ?? Quality.Good).Grade(),
        stream.Last is { } last ? Rooms.Clock.BootTimeMs - last.BootTimeMs : null);

    string Sentence(SpoolHealth health, out StatusSeverity severity)
    {
        severity = StatusSeverity.Degraded;
        if (starts.RecordOnly)
            return $"Recording only: {starts.Starts} starts without progress; nothing is forwarded. Look at the log (journalctl -u edgehub), mend the fault, restart.";
        if (health.Condition != SpoolCondition.Ok)
            return health.Sentence;
        if (Rooms.Sampler.Sensors.Select(sensor => sensor.Snapshot()).FirstOrDefault(sensor => sensor.Condition.NeedsAttention()) is { } ill)
            return $"Sensor {ill.Id}: {ill.Sentence}";
        if (!Rooms.Forwarder.State.IsBest)
            return Rooms.Forwarder.State.ToString();
        if (Rooms.Forwarder.Twin is { } twin)
            return twin.ToString();
        if (Rooms.Clock.Now().Quality == ClockQuality.None)
            return ClockWatch.Sentence(ClockQuality.None);
        severity = StatusSeverity.Ok;
        return options.Sensors.Sensors.Count == 0 ? "Ok, but no sensors are configured: add them to the configuration and restart." : "Ok.";
    }
}
