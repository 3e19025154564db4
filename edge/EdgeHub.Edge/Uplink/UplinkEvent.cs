using System.Text.Json;

namespace EdgeHub.Edge.Uplink;

/// <summary>Something a person should know, as JSON with the attributes of CloudEvents 1.0.</summary>
sealed record UplinkEvent(string Specversion, string Id, string Source, string Type, DateTimeOffset Time, string Datacontenttype, UplinkEventData Data)
{
    public static byte[] ToJson(string id, string gateway, string kind, DateTimeOffset time, string text) => JsonSerializer.SerializeToUtf8Bytes(
        new UplinkEvent("1.0", id, $"/edgehub/{gateway}", $"edgehub.{kind}", time, "application/json", new UplinkEventData(text)),
        UplinkJson.Default.UplinkEvent);
}
