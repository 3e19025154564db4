using System.Net.Sockets;

namespace EdgeHub.Hosting.Status;

/// <summary>Asks a running daemon for its <see cref="StatusReport"/> over its socket.</summary>
public static class StatusClient
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>An answer is a few kilobytes; more than this is no answer of ours.</summary>
    public const int AnswerBytesMax = 4 << 20;

    /// <summary>The report, or null and in <c>Reason</c> why there is none and what to do.</summary>
    public static async Task<(StatusReport? Report, string Reason)> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var http = Open(path, Timeout);
        try
        {
            var text = await http.GetStringAsync(new Uri("/status", UriKind.Relative), cancellationToken);
            return StatusReport.TryParse(text) is { } report ? (report, "") : (null, $"What answers on {path} is no edgehub of this version: restart the service after an update.");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            return (null, $"This user may not open {path}: run as root, or join the group with: sudo usermod -aG {StatusSocket.GroupName} $USER, and log in again.");
        }
        catch (HttpRequestException)
        {
            return (null, $"edgehub is not running (nothing answers on {path}): start it with: sudo systemctl start edgehub.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"edgehub runs but gave no answer within {Timeout.TotalSeconds:0} s: look at its log with: journalctl -u edgehub -n 50.");
        }
    }

    /// <summary>A client of whatever the socket answers.</summary>
    public static HttpClient Open(string path, TimeSpan timeout)
    {
#pragma warning disable CA2000 // The client owns its handler.
        return new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(path, token) })
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = AnswerBytesMax,
            BaseAddress = new Uri("http://edgehub/"),
        };
#pragma warning restore CA2000
    }

    static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The stream that is returned owns it; every other way out disposes it.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
