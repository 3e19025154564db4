using System.Text.Json;
using EdgeHub.Hosting.Status;

namespace EdgeHub.Edge.Finding;

/// <summary>Asks the running daemon, which holds the ports, what it reads.</summary>
static class DaemonLook
{
    /// <summary>Its sensors, or null when no daemon runs.</summary>
    /// <exception cref="IOException">It runs and does not tell: the message says why and what to do.</exception>
    public static async Task<SensorLook[]?> AskAsync(string socket, CancellationToken stop)
    {
        if (await LocalClient.AskAsync(socket, HttpMethod.Get, LookPages.Sensors, stop) is not { } json)
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, FindingJson.Default.SensorLookArray);
        }
        catch (JsonException e)
        {
            throw new IOException($"The daemon on {socket} is another version ({e.Message}): restart the service after an update.", e);
        }
    }
}
