using System.Net.Sockets;
using System.Text.Json;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>Asks the running daemon over its local socket, as <c>edgehub status</c> does.</summary>
sealed class EdgeProbe(string socketPath) : IDisposable
{
    readonly HttpClient client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://edgehub/"), Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>Null while the daemon is away.</summary>
    public async Task<EdgeView?> ReadAsync()
    {
        try
        {
            await using var body = await client.GetStreamAsync(new Uri("status", UriKind.Relative));
            using var json = await JsonDocument.ParseAsync(body);
            return EdgeView.Read(json.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();
}
