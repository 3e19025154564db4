using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// Reads the traffic of a Modbus line that it only listens to: requests and answers come over the same pair of wires, and are told
/// apart by their length, their CRC and who has just spoken. Pure and total.
/// </summary>
public sealed class Traffic
{
    const int CrcBytes = 2;
    const int FrameBytesMin = 5;
    const int ReadQuestionBytes = 8;
    const int IdentifyQuestionBytes = 7;
    const int FrameBytesMax = 256;

    readonly List<byte> held = [];
    readonly List<double> times = [];
    readonly List<byte> unclear = [];
    (double First, double Last) unclearTime;
    TrafficEvent? question;

    /// <summary>Whether a frame may be on its way: bytes are held that are none yet.</summary>
    public bool IsHolding => held.Count > 0;

    /// <summary>Takes bytes that were heard at that moment.</summary>
    public IReadOnlyList<TrafficEvent> Add(double ms, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            held.Add(b);
            times.Add(ms);
        }

        return Look(isSilent: false);
    }

    /// <summary>The listener itself asks: what it does not hear of itself belongs to the traffic all the same.</summary>
    public void Sent(double ms, ReadOnlyMemory<byte> bytes) => question = new TrafficEvent(TrafficKind.Question, ms, ms, bytes);

    /// <summary>The line has been silent for longer than a frame may pause: what is held is complete.</summary>
    public IReadOnlyList<TrafficEvent> Silence() => Look(isSilent: true);

    List<TrafficEvent> Look(bool isSilent)
    {
        var events = new List<TrafficEvent>();
        while (held.Count > 0)
        {
            if (Frame() is var (kind, length))
            {
                Tell(events);
                var (first, last) = (times[0], times[length - 1]);
                var whole = new TrafficEvent(kind, first, last, Remove(length), kind == TrafficKind.Question || question is null ? null : first - question.LastMs);
                question = kind == TrafficKind.Question ? whole : null;
                events.Add(whole);
            }
            else if (isSilent || held.Count >= FrameBytesMax)
            {
                unclearTime = (unclear.Count == 0 ? times[0] : unclearTime.First, times[0]);
                unclear.AddRange(Remove(1));
            }
            else
            {
                break;
            }
        }

        if (isSilent)
            Tell(events);
        return events;
    }

    byte[] Remove(int count)
    {
        var removed = held.GetRange(0, count).ToArray();
        held.RemoveRange(0, count);
        times.RemoveRange(0, count);
        return removed;
    }

    void Tell(List<TrafficEvent> events)
    {
        if (unclear.Count > 0)
            events.Add(new TrafficEvent(TrafficKind.Unclear, unclearTime.First, unclearTime.Last, unclear.ToArray()));
        unclear.Clear();
    }

    (TrafficKind Kind, int Length)? Frame()
    {
        if (held.Count < FrameBytesMin)
            return null;
        var start = CollectionsMarshal.AsSpan(held);
        var function = start[1];
        if ((function & ModbusPdu.ExceptionBit) != 0)
            return IsChecked(start, FrameBytesMin) ? (TrafficKind.Refusal, FrameBytesMin) : null;
        if (question is { } asked && asked.Slave == start[0] && asked.Function == function && Answer(asked, start) is { } answer)
            return answer;
        if (function is >= 1 and <= 6 && IsChecked(start, ReadQuestionBytes))
            return (TrafficKind.Question, ReadQuestionBytes);
        if (function == ModbusIdentification.Function && IsChecked(start, IdentifyQuestionBytes))
            return (TrafficKind.Question, IdentifyQuestionBytes);
        return function is >= 1 and <= 4 && IsChecked(start, start[2] + FrameBytesMin) ? (TrafficKind.Answer, start[2] + FrameBytesMin) : null;
    }

    static (TrafficKind, int)? Answer(TrafficEvent asked, ReadOnlySpan<byte> start)
    {
        var length = ModbusPdu.AnswerBytes(asked.Bytes.Span[1..^CrcBytes], start[1..]);
        return length > 0 && IsChecked(start, ModbusFrames.Bytes(length)) ? (TrafficKind.Answer, ModbusFrames.Bytes(length)) : null;
    }

    static bool IsChecked(ReadOnlySpan<byte> start, int length) =>
        start.Length >= length && BinaryPrimitives.ReadUInt16LittleEndian(start[(length - CrcBytes)..]) == ModbusCrc.Compute(start[..(length - CrcBytes)]);
}
