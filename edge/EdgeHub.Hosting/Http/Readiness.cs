using System.Collections.Concurrent;

namespace EdgeHub.Hosting.Http;

/// <summary>
/// Who must be well before the daemon calls itself ready, and why it is not. A source is asked at each request and answers from memory:
/// null when it is ready, else one sentence that says what is missing.
/// </summary>
public sealed class Readiness
{
    readonly ConcurrentDictionary<string, Func<string?>> sources = new(StringComparer.Ordinal);

    /// <summary>Adds or replaces the source <paramref name="name"/>, such as <c>spool</c> or <c>uplink</c>.</summary>
    public void Add(string name, Func<string?> reason) => sources[name] = reason;

    public ReadinessReport Report()
    {
        var found = sources.OrderBy(source => source.Key, StringComparer.Ordinal).Select(source => Ask(source.Key, source.Value)).ToArray();
        return new ReadinessReport(found.All(source => source.Ready), found);
    }

    static ReadinessSource Ask(string name, Func<string?> reason) => reason() is { } why ? new(name, false, why) : new(name, true, null);
}
