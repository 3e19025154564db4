namespace EdgeHub.Wire;

/// <summary>Topic names under a configurable prefix; the default is <c>edgehub/v1</c>.</summary>
public sealed class Topics(string prefix = Topics.DefaultPrefix)
{
    public const string DefaultPrefix = "edgehub/v1";

    public string Prefix => prefix;

    public string Records(string gateway) => $"{prefix}/{gateway}/records";

    public string Status(string gateway) => $"{prefix}/{gateway}/status";

    public string Catalog(string gateway) => $"{prefix}/{gateway}/catalog";

    public string Events(string gateway) => $"{prefix}/{gateway}/events";

    public string Ack(string gateway) => $"{prefix}/{gateway}/ack";

    public string Commands(string gateway) => $"{prefix}/{gateway}/commands/+";

    /// <summary>Whose topic this is and which: <c>records</c>, <c>status</c>, …; false for anything that is not ours.</summary>
    public bool TryParse(string topic, out string gateway, out string kind)
    {
        ArgumentNullException.ThrowIfNull(topic);
        gateway = kind = "";
        if (!topic.StartsWith(prefix, StringComparison.Ordinal) || topic.Length <= prefix.Length || topic[prefix.Length] != '/')
            return false;
        var rest = topic[(prefix.Length + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Identifiers.IsId(rest[..slash]))
            return false;
        (gateway, kind) = (rest[..slash], rest[(slash + 1)..]);
        return true;
    }
}
