using System.IO.Ports;
using System.Net.Sockets;

// The line that is returned owns what is opened here, and every failing path below disposes it; the analyzer sees neither.
#pragma warning disable CA2000

namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>Opens the line behind a port URI. The one place that knows System.IO.Ports and sockets.</summary>
/// <exception cref="LineException">The port is missing, denied, in use or unreachable; the message says what to do.</exception>
public delegate Task<Line> OpenLine(PortUri port, CancellationToken cancellationToken);

/// <inheritdoc cref="OpenLine"/>
public sealed class LineOpener(TimeProvider time)
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // linux/tcp.h: a converter whose cable was pulled sends no FIN; without probes a dead connection looks silent for ever.
    const int KeepAliveSeconds = 10;
    const int KeepAliveProbes = 3;

    public Task<Line> OpenAsync(PortUri port, CancellationToken cancellationToken) => port switch
    {
        SerialPortUri serial => Task.FromResult(OpenSerial(serial)),
        TcpPortUri tcp => OpenTcpAsync(tcp, tcp.Host, tcp.Port, cancellationToken),
        ModbusTcpPortUri tcp => OpenTcpAsync(tcp, tcp.Host, tcp.Port, cancellationToken),
        _ => throw new ArgumentException($"{port} is no line of bytes.", nameof(port)),
    };

    Line OpenSerial(SerialPortUri uri)
    {
        if (DeviceNode.Find(uri.Path) is not { } node)
            throw SerialFault.Missing(uri.Path, null);
        var held = PortLock.Take(uri.Path);
        var port = new SerialPort(uri.Path, uri.Baud, uri.Parity, uri.DataBits, uri.StopBits) { Handshake = Handshake.None };
        try
        {
            port.Open();
            port.DiscardInBuffer();
            return new Line(uri.Path, new SerialPortStream(port, held, time), () => DeviceNode.Find(uri.Path) is { } now && now.IsSameDevice(node), time)
            {
                Apply = settings => (port.BaudRate, port.Parity, port.DataBits, port.StopBits) = (settings.Baud, settings.Parity, settings.DataBits, settings.StopBits),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            held?.Dispose();
            throw SerialFault.Explain(uri.Path, DeviceNode.Find(uri.Path), SerialFault.Errno(e), e);
        }
    }

    async Task<Line> OpenTcpAsync(PortUri uri, string host, int port, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, either.Token);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
            return new Line(uri.ToString(), new NetworkStream(socket, ownsSocket: true), static () => true, time);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LineException(Condition.Waiting, $"waiting for {uri}: {e.Message}. Check the converter's address, power and network; it is tried again by itself.", e);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new LineException(Condition.Waiting, $"waiting for {uri}: no answer within {ConnectTimeout.TotalSeconds} s. Check the converter's address, power and network; it is tried again by itself.", e);
        }
    }
}
