namespace EdgeHub.DeviceSims.Pty;

/// <summary>
/// A bus with several ends, as RS-485 has it: whoever opens an end hears what the devices send and what comes in at every other end,
/// never itself. One sends at a time: where two do, all hear what is left of both (<see cref="Mix"/>), and nobody gets a frame. The
/// first end is the bus's own path, the others have <c>.2</c>, <c>.3</c> behind it.
/// </summary>
public sealed class PtyHub : IWire
{
    const int ChunkBytes = 8;
    const int BitsPerByte = 10;
    const int FrameBytesMax = 256;

    readonly TimeProvider time;
    readonly double byteSeconds;
    readonly bool[] isCut;

    /// <summary>Makes the ends.</summary>
    /// <exception cref="IOException">No pseudo terminal, or no link at a path.</exception>
    public PtyHub(string path, int ends, int baud, TimeProvider time)
    {
        this.time = time;
        isCut = new bool[ends];
        byteSeconds = (double)BitsPerByte / baud;
        var made = new List<PtyPort>();
        try
        {
            for (var i = 0; i < ends; i++)
                made.Add(new PtyPort(i == 0 ? path : FormattableString.Invariant($"{path}.{i + 1}"), baud, time));
        }
        catch
        {
            made.ForEach(end => end.Dispose());
            throw;
        }

        Ends = made;
    }

    /// <summary>The ends, each to be opened by one reader.</summary>
    public IReadOnlyList<PtyPort> Ends { get; }

    /// <summary>How often two sent at one time.</summary>
    public long Collisions { get; private set; }

    /// <inheritdoc />
    public string Path => Ends[0].Path;

    /// <inheritdoc />
    public IReadOnlyList<string> Paths => [.. Ends.Select(end => end.Path)];

    /// <inheritdoc />
    public string Name => Ends[0].Name;

    /// <inheritdoc />
    public TimeSpan ListenedFor => Ends.Max(end => end.ListenedFor);

    /// <inheritdoc />
    public bool IsAtSpeed => true;

    /// <inheritdoc />
    public void Plug()
    {
        foreach (var end in Ends)
            end.Plug();
    }

    /// <inheritdoc />
    public void Unplug()
    {
        foreach (var end in Ends)
            end.Unplug();
    }

    /// <inheritdoc />
    public void HangUp(TimeSpan outage)
    {
        foreach (var end in Ends)
            end.HangUp(outage);
    }

    /// <summary>Breaks the wires to one end, or mends them: its reader notices nothing but silence. From any thread.</summary>
    public void Cut(int end, bool cut) => Volatile.Write(ref isCut[end], cut);

    /// <inheritdoc />
    public async Task<int> ReadAsync(Memory<byte> buffer, TimeSpan wait, CancellationToken stoppingToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var sent = Ends.Select(_ => new List<byte>()).ToArray();
            var looked = time.GetTimestamp();
            if (await CollectAsync(sent, stoppingToken) > 0)
            {
                // As long as the first is on the wire another one may begin.
                for (TimeSpan due; (due = Length(sent.Max(bytes => bytes.Count)) - time.GetElapsedTime(looked)) > TimeSpan.Zero;)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), time, stoppingToken);
                    await CollectAsync(sent, stoppingToken);
                }

                return Deliver(sent, buffer.Span);
            }

            var left = wait - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
                return 0;
            await Task.Delay(left < PtyPort.PollInterval ? left : PtyPort.PollInterval, time, stoppingToken);
        }
    }

    /// <inheritdoc />
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes, int atOnce, CancellationToken stoppingToken)
    {
        var begun = time.GetTimestamp();
        var isWhole = true;
        var heard = Ends.Select(_ => true).ToArray();
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes.Length - at;
            var chunk = rest - ChunkBytes < atOnce ? rest : ChunkBytes;
            for (TimeSpan due; (due = Length(at + chunk) - time.GetElapsedTime(begun)) > TimeSpan.Zero;)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), time, stoppingToken);
            var sent = Ends.Select(_ => new List<byte>()).ToArray();
            var wire = bytes.Slice(at, chunk);
            if (await CollectAsync(sent, stoppingToken) > 0)
            {
                Collisions++;
                isWhole = false;
                wire = Mix([[.. wire.Span], .. sent]);
            }

            for (var i = 0; i < Ends.Count; i++)
                heard[i] &= !Volatile.Read(ref isCut[i]) && Ends[i].Put(wire.Span);
            at += chunk;
        }

        return isWhole && heard.Any(all => all);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var end in Ends)
            end.Dispose();
    }

    /// <summary>What is left where two drivers send at once: a 0 of either wins.</summary>
    static byte[] Mix(IReadOnlyList<List<byte>> sent)
    {
        var wire = new byte[sent.Max(bytes => bytes.Count)];
        Array.Fill(wire, byte.MaxValue);
        foreach (var bytes in sent)
            for (var i = 0; i < bytes.Count; i++)
                wire[i] &= bytes[i];
        // Equal frames in step would pass unhurt, and no two clocks are: the first edge is lost.
        wire[0] ^= 1;
        return wire;
    }

    async Task<int> CollectAsync(List<byte>[] sent, CancellationToken stoppingToken)
    {
        var buffer = new byte[FrameBytesMax];
        var collected = 0;
        for (var i = 0; i < Ends.Count; i++)
        {
            var count = await Ends[i].ReadAsync(buffer, TimeSpan.Zero, stoppingToken);
            if (Volatile.Read(ref isCut[i]))
                continue;
            sent[i].AddRange(buffer[..count]);
            collected += count;
        }

        return collected;
    }

    int Deliver(List<byte>[] sent, Span<byte> toDevices)
    {
        List<int> senders = [.. Enumerable.Range(0, sent.Length).Where(i => sent[i].Count > 0)];
        var wire = senders.Count == 1 ? [.. sent[senders[0]]] : Mix(sent);
        Collisions += senders.Count > 1 ? 1 : 0;
        for (var i = 0; i < Ends.Count; i++)
            if ((senders.Count > 1 || i != senders[0]) && !Volatile.Read(ref isCut[i]))
                Ends[i].Put(wire);
        var count = Math.Min(wire.Length, toDevices.Length);
        wire.AsSpan(0, count).CopyTo(toDevices);
        return count;
    }

    TimeSpan Length(int bytes) => TimeSpan.FromSeconds(bytes * byteSeconds);
}
