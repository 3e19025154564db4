using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding;

/// <summary>Tells traffic in plain words, and counts it.</summary>
public sealed class TrafficBook
{
    const int ShownBytesMax = 32;

    readonly OrderedDictionary<string, (int Asked, int Answered, int Refused, double Longest)> partners = [];
    (string Who, double LastMs)? meterAsked;
    int frames;
    int unclear;

    /// <summary>One line for one event.</summary>
    public string Tell(TrafficEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        if (one.Kind == TrafficKind.Unclear)
        {
            unclear++;
            return Line(one, $"unclear   {one.Bytes.Length} bytes: {Convert.ToHexString(one.Bytes.Span[..Math.Min(one.Bytes.Length, ShownBytesMax)])}");
        }

        return Tell(one, string.Create(CultureInfo.InvariantCulture, $"slave {one.Slave}"), one.Kind switch
        {
            TrafficKind.Question => What(one),
            TrafficKind.Answer => Convert.ToHexString(one.Bytes.Span),
            _ => string.Create(CultureInfo.InvariantCulture, $"exception {one.Bytes.Span[2]}"),
        });
    }

    /// <summary>One line for a meter's frame that was overheard.</summary>
    public string Tell(TrafficEvent one, MeterFrame frame)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(frame);
        // Whoever was asked as "any meter" answers with its own address.
        var asked = one.Kind == TrafficKind.Question ? null : meterAsked;
        meterAsked = one.Kind == TrafficKind.Question ? (frame.Who, one.LastMs) : null;
        var turnaround = asked is var (_, lastMs) && one.FirstMs > lastMs ? one.FirstMs - lastMs : (double?)null;
        return Tell(one with { TurnaroundMs = turnaround }, frame.Who, frame.What, wasAsked: asked is not null);
    }

    string Tell(TrafficEvent one, string who, string what, bool wasAsked = false)
    {
        frames++;
        var (asked, answered, refused, longest) = partners.GetValueOrDefault(who);
        partners[who] = one.Kind switch
        {
            TrafficKind.Question => (asked + 1, answered, refused, longest),
            TrafficKind.Answer => (asked, answered + 1, refused, Math.Max(longest, one.TurnaroundMs ?? 0)),
            _ => (asked, answered, refused + 1, Math.Max(longest, one.TurnaroundMs ?? 0)),
        };
        var after = one.TurnaroundMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $" after {ms:0} ms") : wasAsked ? "" : " unasked";
        return one.Kind switch
        {
            TrafficKind.Question => Line(one, $"asked     {who}: {what}"),
            TrafficKind.Answer => Line(one, $"answered  {who}{after}: {what}"),
            _ => Line(one, $"refused   {who}{after}: {what}"),
        };
    }

    /// <summary>The counts.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var (who, (asked, answered, refused, longest)) in partners)
            text.Append(CultureInfo.InvariantCulture, $"{who}: asked {asked} times, answered {answered}, refused {refused}, longest turnaround {longest:0} ms{(asked > 0 && answered + refused == 0 ? ": it is dead, or its answers do not check" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"{frames} frames that check, {unclear} runs of bytes that are no frame.\n");
        return text.ToString();
    }

    static string What(TrafficEvent one)
    {
        if (one.Bytes.Length < 8)
            return "who are you (function 43)";
        var first = BinaryPrimitives.ReadUInt16BigEndian(one.Bytes.Span[2..]);
        var second = BinaryPrimitives.ReadUInt16BigEndian(one.Bytes.Span[4..]);
        return one.Function > 4
            ? string.Create(CultureInfo.InvariantCulture, $"WRITES {second} to 0x{first:X4} (function {one.Function})")
            : string.Create(CultureInfo.InvariantCulture, $"{second} {(one.Function > 2 ? "registers" : "bits")} from 0x{first:X4} (function {one.Function})");
    }

    static string Line(TrafficEvent one, string words) => string.Create(CultureInfo.InvariantCulture, $"{one.FirstMs / 1000,9:0.000} s  {words}");
}
