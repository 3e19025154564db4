using System.Net;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Hosting.Http;

/// <summary>Where a daemon answers for its operators. It knows no users and no secrets, so it listens on loopback unless told otherwise.</summary>
public sealed record HttpOptions
{
    public const int EdgePort = 9464;
    public const int BridgePort = 9465;

    /// <summary>Address and port of <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>; port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>An OTLP collector for the same metrics over HTTP, such as <c>http://127.0.0.1:4318</c>; null sends none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Reads <c>http</c>: <c>listen</c>, <c>allowRemote</c>, <c>otlp</c>.</summary>
    public static HttpOptions Read(SettingsSection section, int defaultPort)
    {
        ArgumentNullException.ThrowIfNull(section);
        var fallback = new IPEndPoint(IPAddress.Loopback, defaultPort);
        var options = new HttpOptions { Listen = ReadListen(section, fallback), Otlp = ReadOtlp(section) };
        section.RejectUnknown();
        return options;
    }

    static IPEndPoint ReadListen(SettingsSection section, IPEndPoint fallback)
    {
        var text = section.Text("listen", fallback.ToString());
        var allowRemote = section.Flag("allowRemote", false);
        // IPEndPoint.Parse takes an address without a port for port 0: insist on the port, a random one is no default.
        if (!IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out var listen) || !HasPort(text))
        {
            section.Error("listen", text, "this is no address and port.", $"Write an IP address and a port, such as {fallback}.");
            return fallback;
        }

        if (!IPAddress.IsLoopback(listen.Address) && !allowRemote)
            section.Error("listen", text, "this address is reachable from other machines, and the pages ask for no password.", $"Write {fallback}, or set allowRemote to true beside it when the network is yours alone.");
        return listen;
    }

    static bool HasPort(string text) => text.LastIndexOf(':') is var colon and >= 0 && colon > text.LastIndexOf(']') && text.IndexOf('.', StringComparison.Ordinal) + text.IndexOf(']', StringComparison.Ordinal) + text.IndexOf("localhost", StringComparison.Ordinal) > -3;

    static Uri? ReadOtlp(SettingsSection section)
    {
        var text = section.Text("otlp", "");
        if (text.Length == 0)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        section.Error("otlp", text, "this is no address of a collector.", "Write http://host:4318 or https://host:4318.");
        return null;
    }
}
