namespace EdgeHub.DeviceSims.Pty;

/// <summary>What the devices of a line are wired to: one port (<see cref="PtyPort"/>), or a bus with several ends (<see cref="PtyHub"/>).</summary>
public interface IWire : IDisposable
{
    /// <summary>Where readers find it.</summary>
    string Path { get; }

    /// <summary>The same of every end; of a port it is the one.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>The name by which the control channel knows it.</summary>
    string Name { get; }

    /// <summary>For how long the present reader has been there; zero when there is none.</summary>
    TimeSpan ListenedFor { get; }

    /// <summary>Whether what is sent can be read at the reader's speed.</summary>
    bool IsAtSpeed { get; }

    /// <summary>Plugs it in.</summary>
    void Plug();

    /// <summary>Unplugs it.</summary>
    void Unplug();

    /// <summary>Unplugs, and plugs in again when <paramref name="outage"/> is over.</summary>
    void HangUp(TimeSpan outage);

    /// <summary>Waits for bytes that readers send, at most <paramref name="wait"/>; 0 when none came.</summary>
    Task<int> ReadAsync(Memory<byte> buffer, TimeSpan wait, CancellationToken stoppingToken);

    /// <summary>Puts bytes on the wire at its baud rate, the last <paramref name="atOnce"/> in one write. False when they did not all get there unspoiled.</summary>
    Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, int atOnce, CancellationToken stoppingToken);
}
