using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>Ports that work today and may be another adapter's after the next start, with the name that stays.</summary>
static class PortWarnings
{
    public static IEnumerable<string> Of(SensorsOptions options)
    {
        foreach (var line in options.Sensors.Where(sensor => sensor.Port is SerialPortUri).GroupBy(sensor => ((SerialPortUri)sensor.Port).Path, StringComparer.Ordinal))
            if (SerialPorts.StableName(line.Key) is { } stable)
                yield return $"{line.Key} ({string.Join(", ", line.Select(sensor => sensor.Id))}) is numbered in the order of plugging, and may be another adapter after the next start. Write {stable}, which stays.";
    }
}
