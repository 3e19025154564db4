using System.Diagnostics.Metrics;
using Prometheus;

namespace EdgeHub.Hosting.Http;

/// <summary>
/// The instruments of every meter named <c>EdgeHub.…</c>, and of the runtime, as Prometheus reads them. The registry is this page's own,
/// so two daemons in one process do not mix their numbers, and nothing that a library registers by itself appears.
/// </summary>
public sealed class MetricsPage : IDisposable
{
    /// <summary>Meters of ours begin so; the runtime's meter is shown as well.</summary>
    public const string MeterPrefix = "EdgeHub.";

    /// <summary>A stream or sensor that has said nothing for so long leaves the page, so that the page cannot grow for ever.</summary>
    public static readonly TimeSpan SeriesKept = TimeSpan.FromHours(24);

    /// <summary>Upper bounds in seconds, from a commit on a good disk to a wait that nobody wants.</summary>
    static readonly double[] Buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    readonly CollectorRegistry registry = Metrics.NewCustomRegistry();
    readonly IDisposable listening;

    public MetricsPage()
    {
        listening = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            // Registry alone would receive the adapter's own count and nothing else: the values go where the factory says.
            MetricFactory = Metrics.WithCustomRegistry(registry),
            ResolveHistogramBuckets = _ => Buckets,
            MetricsExpireAfter = SeriesKept,
            InstrumentFilterPredicate = IsShown,
        });
    }

    /// <summary>
    /// Begins to count. prometheus-net's adapter hears instruments only from its first collection on, so one is made here, before any
    /// loop runs: what is counted before it would be missing for ever.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken) => WriteAsync(Stream.Null, cancellationToken);

    public static string ContentType => "text/plain; version=0.0.4; charset=utf-8";

    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => registry.CollectAndExportAsTextAsync(output, cancellationToken);

    public void Dispose() => listening.Dispose();

    static bool IsShown(Instrument instrument) =>
        instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime";
}
