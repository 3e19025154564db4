using System.Globalization;

namespace EdgeHub.CloudBridge.Store;

/// <summary>The one form of a time in everything that the platform gets: UTC with milliseconds.</summary>
public static class UtcText
{
    public static string Of(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
