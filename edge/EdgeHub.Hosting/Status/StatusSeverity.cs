using System.Text.Json.Serialization;

namespace EdgeHub.Hosting.Status;

/// <summary>Whether somebody should do something.</summary>
public enum StatusSeverity
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("degraded")]
    Degraded,
}
