namespace EdgeHub.Hosting.Logging;

/// <summary>How log lines look on standard output.</summary>
public enum LogFormat
{
    /// <summary>Lines for people; under systemd with the priority that the journal understands.</summary>
    Text,

    /// <summary>One JSON object a line, for a log shipper.</summary>
    Json,
}
