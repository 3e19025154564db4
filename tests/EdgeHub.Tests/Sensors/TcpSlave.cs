using System.Net;
using System.Net.Sockets;

namespace EdgeHub.Tests.Sensors;

/// <summary>What stands behind a serial-to-network converter: a real listener on a free port that answers each request by a script.</summary>
sealed class TcpSlave : IDisposable
{
    readonly Func<byte[], IEnumerable<byte[]>> answer;
    readonly CancellationTokenSource stopping = new();
    TcpListener listener = new(IPAddress.Loopback, 0);
    TcpClient? client;

    /// <param name="answer">The parts in which the answer to a request goes out, a packet each.</param>
    public TcpSlave(Func<byte[], IEnumerable<byte[]>> answer)
    {
        this.answer = answer;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Connections taken so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Breaks the connection, as a converter does that restarts.</summary>
    public void Cut() => client?.Client.Close(0);

    /// <summary>Nobody listens any more, and the connection is gone.</summary>
    public void Down()
    {
        listener.Stop();
        Cut();
    }

    public void Up()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = ServeAsync();
    }

    public void Dispose()
    {
        stopping.Cancel();
        Down();
        listener.Dispose();
        stopping.Dispose();
    }

    async Task ServeAsync()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                client = await listener.AcceptTcpClientAsync(stopping.Token);
                client.NoDelay = true;
                Connections++;
                await TalkAsync(client.GetStream(), buffer);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Taken down by the test.
        }
    }

    async Task TalkAsync(NetworkStream stream, byte[] buffer)
    {
        try
        {
            while (await stream.ReadAsync(buffer, stopping.Token) is var count and > 0)
                foreach (var part in answer(buffer[..count]))
                    await stream.WriteAsync(part, stopping.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut by the test or by the other end.
        }
    }
}
