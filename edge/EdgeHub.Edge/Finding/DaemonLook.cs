using System.Net;
using System.Net.Sockets;
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
        using var http = StatusClient.Open(socket, StatusClient.Timeout);
        try
        {
            using var answer = await http.GetAsync(new Uri(LookPages.Sensors, UriKind.Relative), stop);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw new IOException($"The daemon on {socket} is another version: restart the service after an update.");
            return JsonSerializer.Deserialize(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop), FindingJson.Default.SensorLookArray);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new IOException($"edgehub runs and holds the ports, and this user may not ask it on {socket}: run as root, or join the group with: sudo usermod -aG {StatusSocket.GroupName} $USER, and log in again.", e);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new IOException($"edgehub runs and gave no sensible answer on {socket}: {e.Message} Look at its log with: journalctl -u edgehub -n 50.", e);
        }
    }
}
