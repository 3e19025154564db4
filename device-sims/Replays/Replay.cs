using System.Globalization;
using System.Text.Json;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims.Replays;

/// <summary>
/// A recorded line played again. What was sent unasked keeps its time; what answered a question (<c>tx</c> in the trace) is sent when
/// the reader asks the same again, however fast or slow it is: the next such question of the trace counts, from its end on anew.
/// </summary>
public sealed class Replay(IReadOnlyList<ReplayEntry> entries, PtyPort port, TimeProvider time)
{
    const int QuestionBytesMax = 512;

    /// <summary>Longest trace that is read, in lines.</summary>
    const int LinesMax = 1_000_000;

    static readonly TimeSpan ReaderSettles = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <exception cref="IOException">The file is no trace; the message names the line.</exception>
    public static IReadOnlyList<ReplayEntry> Read(string file)
    {
        var entries = new List<ReplayEntry>();
        foreach (var text in File.ReadLines(file).Take(LinesMax))
            try
            {
                using var json = JsonDocument.Parse(text);
                var line = json.RootElement;
                entries.Add(new ReplayEntry(TimeSpan.FromMilliseconds(line.GetProperty("t").GetDouble()), line.GetProperty("dir").GetString() == "tx", Convert.FromHexString(line.GetProperty("hex").GetString()!)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{file}:{entries.Count + 1}: this is no line of a trace ({e.Message}); a trace is made by edgehub sniff --record."), e);
            }

        return entries.Count > 0 ? entries : throw new IOException($"{file} is empty.");
    }

    /// <summary>Plays until it is stopped; a trace without questions until its end.</summary>
    public Task RunAsync(CancellationToken stop) => entries.Any(entry => entry.IsQuestion) ? AnswerAsync(stop) : StreamAsync(stop);

    async Task StreamAsync(CancellationToken stop)
    {
        var buffer = new byte[QuestionBytesMax];
        while (port.ListenedFor < ReaderSettles)
            await port.ReadAsync(buffer, Look, stop);
        var begun = time.GetTimestamp();
        foreach (var entry in entries)
        {
            while (entry.At - entries[0].At - time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
                await port.ReadAsync(buffer, left < Look ? left : Look, stop);
            await port.WriteAsync(entry.Bytes, atOnce: 0, stop);
        }
    }

    async Task AnswerAsync(CancellationToken stop)
    {
        var buffer = new byte[QuestionBytesMax];
        var (held, at) = (0, 0);
        while (true)
        {
            var count = await port.ReadAsync(buffer.AsMemory(held), Look, stop);
            held = count > 0 ? held + count : 0;
            if (held == 0 || Find(buffer.AsSpan(0, held), at) is not { } found)
                continue;
            held = 0;
            for (at = found + 1; at < entries.Count && !entries[at].IsQuestion; at++)
                await port.WriteAsync(entries[at].Bytes, atOnce: 0, stop);
        }
    }

    int? Find(ReadOnlySpan<byte> asked, int from)
    {
        for (var i = 0; i < entries.Count; i++)
            if (entries[(from + i) % entries.Count] is { IsQuestion: true } entry && asked.EndsWith(entry.Bytes.Span))
                return (from + i) % entries.Count;
        return null;
    }
}
