using System.Diagnostics.Metrics;

namespace EdgeHub.CloudBridge.Api;

/// <summary>What the API counts.</summary>
static class ApiMetrics
{
    static readonly Meter Meter = new("EdgeHub.Api");

    public static readonly Counter<long> Requests = Meter.CreateCounter<long>("requests", "{request}", "Requests answered, by status.");
    public static readonly Histogram<double> RequestSeconds = Meter.CreateHistogram<double>("request_seconds", "s", "Time of one request; a live feed counts until it ends.");
    public static readonly Counter<long> LiveDropped = Meter.CreateCounter<long>("live_dropped", "{listener}", "Live feeds let go because they read too slowly.");
}
