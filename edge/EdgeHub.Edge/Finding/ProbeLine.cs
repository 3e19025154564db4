using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>A serial line under examination: it is listened to, and asked <see cref="ReadQuestion"/>s and nothing else.</summary>
public sealed class ProbeLine : IAsyncDisposable
{
    const int HeardBytesMax = 16 << 10;

    /// <summary>Start bit, eight data bits, parity, stop bit.</summary>
    const int BitsPerByte = 11;

    /// <summary>Of a Modbus request for registers.</summary>
    const int QuestionBytes = 8;

    /// <summary>From the question to the first byte: slow slaves take 100 ms, a USB adapter's own latency comes on top.</summary>
    static readonly TimeSpan Turnaround = TimeSpan.FromMilliseconds(150);

    readonly Line line;
    readonly int baud;
    readonly TimeProvider time;
    readonly byte[] heard = new byte[HeardBytesMax];

    ProbeLine(Line line, int baud, TimeProvider time) => (this.line, this.baud, this.time) = (line, baud, time);

    /// <exception cref="LineException">It does not open; the message says why and who holds it.</exception>
    public static async Task<ProbeLine> OpenAsync(OpenLine open, string path, LineSettings settings, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return new(await open(settings.At(path), stop), settings.Baud, time);
        }
        catch (LineException e)
        {
            // A command tries once; the daemon's promise to go on trying is not its.
            throw new LineException(e.Condition, e.Message.Replace($"waiting for {path}:", $"{path} is not there:", StringComparison.Ordinal).Replace("; it is opened by itself.", ".", StringComparison.Ordinal).Replace("; it is tried again by itself.", ".", StringComparison.Ordinal), e);
        }
    }

    /// <summary>The same; null where the port opens and cannot be set so: not every adapter has every speed and parity.</summary>
    public static async Task<ProbeLine?> TryOpenAsync(OpenLine open, string path, LineSettings settings, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return await OpenAsync(open, path, settings, time, stop);
        }
        catch (LineException e) when (e.Condition == Condition.Fault)
        {
            return null;
        }
    }

    /// <summary>How long a question for registers to nobody takes at that speed.</summary>
    public static TimeSpan Unanswered(int baud) => Turnaround + TimeSpan.FromSeconds((double)QuestionBytes * BitsPerByte / baud);

    /// <summary>The next bytes, or none when that time is over.</summary>
    public async Task<ReadOnlyMemory<byte>> HearAsync(TimeSpan patience, CancellationToken stop) => heard.AsMemory(0, await line.ReadAsync(heard, patience, stop));

    /// <summary>Listens without sending.</summary>
    public async Task<ReadOnlyMemory<byte>> ListenAsync(TimeSpan length, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var count = 0;
        while (count < heard.Length && length - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
            count += await line.ReadAsync(heard.AsMemory(count), left, stop);
        return heard.AsMemory(0, count);
    }

    /// <summary>Asks, and gathers what comes until it is the answer or the time for one is over.</summary>
    /// <param name="isAnswer">Whether these bytes are the whole answer.</param>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ReadQuestion question, Func<ReadOnlyMemory<byte>, bool> isAnswer, CancellationToken stop)
    {
        await line.DrainAsync(stop);
        await line.WriteAsync(question.Bytes, stop);
        var begun = time.GetTimestamp();
        var first = Turnaround + Wire(question.Bytes.Length);
        var limit = first + Wire(question.AnswerBytes);
        var count = 0;
        while (count < heard.Length && (count == 0 ? first : limit) - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
        {
            count += await line.ReadAsync(heard.AsMemory(count), left, stop);
            if (count > 0 && isAnswer(heard.AsMemory(0, count)))
                break;
        }

        return heard.AsMemory(0, count);
    }

    public ValueTask DisposeAsync() => line.DisposeAsync();

    TimeSpan Wire(int bytes) => TimeSpan.FromSeconds((double)bytes * BitsPerByte / baud);
}
