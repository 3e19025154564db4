using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Pty;

/// <summary>
/// A serial port that a simulated device is wired to: a pseudo terminal under a stable path, with the pace
/// of a real wire, that can be unplugged and plugged in again.
/// <list type="bullet">
/// <item>It never blocks its device: bytes that nobody listens to, or that a stuck reader leaves no room
/// for, are lost as on a real wire, and <see cref="WriteAsync"/> says so.</item>
/// <item>One loop reads and writes; <see cref="Plug"/> and <see cref="Unplug"/> may come from any thread.</item>
/// </list>
/// </summary>
public sealed class PtyPort : IWire
{
    /// <summary>How often the port looks for bytes, readers and a due re-plug.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Bytes handed over at once: small enough that a reader sees a frame arrive in pieces.</summary>
    private const int ChunkBytes = 8;

    /// <summary>8N1: a start bit, eight data bits, a stop bit.</summary>
    private const int BitsPerByte = 10;

    private readonly Lock _plug = new();
    private readonly TimeProvider _time;
    private readonly int _baud;
    private readonly bool _strict;
    private PtyMaster? _master;
    private long? _listeningSince;
    private long? _replugDue;
    private bool _closed;

    /// <summary>Plugs a new port in under <paramref name="path"/>.</summary>
    /// <param name="path">Where readers find it; its directory must exist.</param>
    /// <param name="baud">Bits a second of the simulated wire.</param>
    /// <param name="time">The clock that paces the bytes.</param>
    /// <exception cref="IOException">No pseudo terminal, or no link at that path.</exception>
    /// <param name="strict">Whether a reader at another speed sees garbage and is heard as garbage, as on a real wire.</param>
    public PtyPort(string path, int baud, TimeProvider time, bool strict = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baud, 50);
        Path = path;
        _baud = baud;
        _strict = strict;
        _time = time;
        Plug();
    }

    /// <summary>The stable path.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public IReadOnlyList<string> Paths => [Path];

    /// <summary>The name by which the control channel knows the port: the last part of its path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Whether the port exists for a reader.</summary>
    public bool IsPlugged => Volatile.Read(ref _master) is not null;

    /// <summary>For how long the present reader has been there; zero when there is none. Seen by the loop that reads or writes.</summary>
    public TimeSpan ListenedFor => _listeningSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Whether the reader has the wire's speed, or the port is not strict about it.</summary>
    public bool IsAtSpeed => ReaderBaud == _baud;

    private int ReaderBaud => _strict ? Volatile.Read(ref _master)?.ReaderBaud ?? _baud : _baud;

    /// <summary>Makes a new pseudo terminal and moves the link to it. Does nothing when plugged in already.</summary>
    /// <exception cref="IOException">No pseudo terminal, or no link at that path.</exception>
    public void Plug()
    {
        lock (_plug)
        {
            _replugDue = null;
            if (_master is not null || _closed)
            {
                return;
            }

            _master = PtyMaster.Open();
            try
            {
                PtyLink.Point(Path, _master.ReaderPath);
            }
            catch
            {
                Unplug();
                throw;
            }
        }
    }

    /// <summary>Takes the link away, then hangs up, so that a reader who looks for the port again finds none.</summary>
    public void Unplug()
    {
        lock (_plug)
        {
            _replugDue = null;
            if (_master is { } master)
            {
                PtyLink.Remove(Path, master.ReaderPath);
                Volatile.Write(ref _master, null);
                master.Dispose();
            }
        }
    }

    /// <summary>Unplugs, and plugs in again when <paramref name="outage"/> is over.</summary>
    public void HangUp(TimeSpan outage)
    {
        lock (_plug)
        {
            Unplug();
            _replugDue = _time.GetTimestamp() + (long)(outage.TotalSeconds * _time.TimestampFrequency);
        }
    }

    /// <summary>Waits for bytes from the reader, at most <paramref name="wait"/>; 0 when none came.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, TimeSpan wait, CancellationToken stoppingToken)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            ReplugWhenDue();
            Observe();
            var count = Volatile.Read(ref _master)?.Read(buffer.Span) ?? 0;
            var left = wait - _time.GetElapsedTime(start);
            if (count > 0 && !IsAtSpeed)
            {
                // At another speed less may be seen than was sent, never nothing for ever: the next read sees the rest.
                var seen = BaudMismatch.Seen(buffer.Span[..count], ReaderBaud, _baud);
                count = Math.Min(seen.Length, buffer.Length);
                seen.AsSpan(0, count).CopyTo(buffer.Span);
            }

            if (count > 0 || left <= TimeSpan.Zero)
            {
                return count;
            }

            await Task.Delay(left < PollInterval ? left : PollInterval, _time, stoppingToken);
        }
    }

    /// <summary>
    /// Puts bytes on the wire at its baud rate. False when they did not all get there: unplugged, nobody
    /// listening, or a reader that has stopped reading; what was not taken is lost. The last
    /// <paramref name="atOnce"/> bytes share one write, so that no reader can act between them. Nothing is
    /// awaited after the last byte: who gets true can enter it in the books before a stop comes between.
    /// </summary>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, int atOnce, CancellationToken stoppingToken)
    {
        var start = _time.GetTimestamp();
        if (!IsAtSpeed)
        {
            (bytes, atOnce) = (BaudMismatch.Seen(bytes.Span, _baud, ReaderBaud), 0);
        }

        for (var sent = 0; sent < bytes.Length;)
        {
            var rest = bytes.Length - sent;
            var chunk = rest - ChunkBytes < atOnce ? rest : ChunkBytes;
            var length = TimeSpan.FromSeconds((double)(sent + chunk) * BitsPerByte / _baud);
            // A timer drops fractions of a millisecond and may come early: no byte leaves before its time.
            for (TimeSpan due; (due = length - _time.GetElapsedTime(start)) > TimeSpan.Zero;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), _time, stoppingToken);
            }

            Observe();
            if ((Volatile.Read(ref _master)?.Write(bytes.Span.Slice(sent, chunk)) ?? 0) < chunk)
            {
                return false;
            }

            sent += chunk;
        }

        return true;
    }

    /// <summary>Hands bytes to the reader without the pace of the wire, which is the caller's. False when they did not all get there.</summary>
    public bool Put(ReadOnlySpan<byte> bytes)
    {
        Observe();
        return (Volatile.Read(ref _master)?.Write(bytes) ?? 0) == bytes.Length;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_plug)
        {
            _closed = true;
            Unplug();
        }
    }

    private void ReplugWhenDue()
    {
        lock (_plug)
        {
            if (_replugDue is { } due && _time.GetTimestamp() >= due)
            {
                Plug();
            }
        }
    }

    /// <summary>Notes readers coming and going; what a gone reader left unread must not greet the next one.</summary>
    private void Observe()
    {
        var master = Volatile.Read(ref _master);
        if (master is { IsListening: true })
        {
            _listeningSince ??= _time.GetTimestamp();
            return;
        }

        if (_listeningSince is not null)
        {
            _listeningSince = null;
            DiscardUnread();
        }
    }

    private void DiscardUnread()
    {
        // Under the lock, so that no unplugging makes the reader's side vanish meanwhile.
        lock (_plug)
        {
            _master?.Discard();
        }
    }
}
