using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeHub.Hosting.Status;

/// <summary>Asks a running daemon over its socket for one of its local pages.</summary>
public static class LocalClient
{
    /// <summary>The answer's body; null when no daemon runs.</summary>
    /// <param name="page">Path and query.</param>
    /// <exception cref="LocalRefusalException">The daemon understood and refuses; the message is its own sentence.</exception>
    /// <exception cref="IOException">It runs and does not tell: the message says why and what to do.</exception>
    public static async Task<byte[]?> AskAsync(string socket, HttpMethod method, string page, CancellationToken stop)
    {
        using var http = StatusClient.Open(socket, StatusClient.Timeout);
        using var request = new HttpRequestMessage(method, new Uri(page, UriKind.Relative));
        try
        {
            using var answer = await http.SendAsync(request, stop);
            var body = await answer.Content.ReadAsByteArrayAsync(stop);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => body,
                HttpStatusCode.BadRequest => throw new LocalRefusalException(Encoding.UTF8.GetString(body).Trim(), isMisnamed: true),
                HttpStatusCode.Conflict => throw new LocalRefusalException(Encoding.UTF8.GetString(body).Trim(), isMisnamed: false),
                HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => throw new IOException($"The daemon on {socket} is another version: restart the service after an update."),
                _ => throw new HttpRequestException($"It answered {(int)answer.StatusCode}."),
            };
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new IOException($"edgehub runs and holds the ports, and this user may not ask it on {socket}: run as root, or join the group with: sudo usermod -aG {StatusSocket.GroupName} $USER, and log in again.", e);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new IOException($"edgehub runs and gave no sensible answer on {socket}: {e.Message} Look at its log with: journalctl -u edgehub -n 50.", e);
        }
    }

    /// <summary>What to say where a command needs the daemon and none runs.</summary>
    public static string NotRunning(string socket) => $"edgehub is not running (nothing answers on {socket}): start it with: sudo systemctl start edgehub.";
}
