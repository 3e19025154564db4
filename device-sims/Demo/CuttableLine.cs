using System.Net;
using System.Net.Sockets;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>The cable between box and broker: a TCP relay on loopback that can be cut and mended.</summary>
sealed class CuttableLine : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Func<(string Host, int Port)> target;
    readonly CancellationTokenSource stopping = new();
    readonly HashSet<Socket> open = [];
    readonly Task accepting;
    bool cut;

    public CuttableLine(Func<(string Host, int Port)> target)
    {
        this.target = target;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public void Cut()
    {
        lock (open)
        {
            cut = true;
            foreach (var socket in open)
                socket.Dispose();
            open.Clear();
        }
    }

    public void Mend()
    {
        lock (open)
            cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        stopping.Dispose();
        listener.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = RelayAsync(client);
        }
    }

    async Task RelayAsync(Socket client)
    {
        var (host, port) = target();
        var broker = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!Keep(client) || !Keep(broker))
                return;
            await broker.ConnectAsync(host, port, stopping.Token);
            await Task.WhenAny(CopyAsync(client, broker), CopyAsync(broker, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A cut cable is what this class is for: both ends see the connection close.
        }
        finally
        {
            Drop(client);
            Drop(broker);
        }
    }

    static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        int count;
        while ((count = await from.ReceiveAsync(buffer, SocketFlags.None)) > 0)
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None);
    }

    bool Keep(Socket socket)
    {
        lock (open)
        {
            if (cut)
            {
                socket.Dispose();
                return false;
            }

            return open.Add(socket);
        }
    }

    void Drop(Socket socket)
    {
        lock (open)
            open.Remove(socket);
        socket.Dispose();
    }
}
