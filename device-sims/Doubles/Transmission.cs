using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A frame as the faults that struck it leave it.</summary>
/// <param name="Device">Whose it is.</param>
/// <param name="Bytes">What goes on the wire, in pieces with <see cref="SimLine.SplitPause"/> between them; none for silence.</param>
/// <param name="TailBytes">Bytes at the end that must share a write, so that no reader can act between frame and noise.</param>
/// <param name="Late">Rest before it.</param>
/// <param name="Values">What it carries.</param>
/// <param name="IsTrue">Whether a reader may take the values.</param>
/// <param name="Outage">For how long the port is unplugged in place of the frame; null for none.</param>
public sealed record Transmission(DeviceDouble Device, IReadOnlyList<ReadOnlyMemory<byte>> Bytes, int TailBytes, TimeSpan Late, IReadOnlyList<SentValue> Values, bool IsTrue, TimeSpan? Outage = null)
{
    /// <summary>How long a hang-up leaves the port unplugged when nobody says.</summary>
    public static readonly TimeSpan HangUpOutage = TimeSpan.FromSeconds(2);

    /// <summary>How late a slow reply is when nobody says.</summary>
    public static readonly TimeSpan SlowBy = TimeSpan.FromSeconds(1.5);

    /// <summary>Applies faults. Pure but for the chance within the device's plan.</summary>
    /// <param name="isReply">A reply has its garbage behind it, where a master throws it away before it asks again.</param>
    public static Transmission Of(DeviceDouble device, Emission emission, IReadOnlySet<FaultKind> strikes, bool isReply)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(emission);
        ArgumentNullException.ThrowIfNull(strikes);
        var faults = device.Faults;
        var garbage = strikes.Contains(FaultKind.Garbage) ? faults.Garbage() : [];
        if (strikes.Contains(FaultKind.HangUp))
            return new Transmission(device, [], 0, default, emission.Values, IsTrue: false, Seconds(faults, FaultKind.HangUp) ?? HangUpOutage);
        if (strikes.Contains(FaultKind.Silence))
            return new Transmission(device, [], 0, default, emission.Values, IsTrue: false);
        var (frame, values) = (emission.Frame, emission.Values);
        if (strikes.Contains(FaultKind.Merge) && !isReply)
            (frame, values) = Merge(device, emission);
        var isTrue = true;
        foreach (var kind in strikes.Where(device.CanHave).Order())
            if (!(kind == FaultKind.Flip && strikes.Contains(FaultKind.Crc)) && Spoil(device, kind, frame) is { } spoiled)
                (frame, isTrue) = (spoiled, false);
        if (strikes.Contains(FaultKind.Exception) && device.CanHave(FaultKind.Exception))
            values = [];
        // What goes out twice is spoiled in both, or a reader could still take it from the other.
        if (strikes.Contains(FaultKind.Merge) && isReply)
            frame = Join(frame, frame);
        frame = Join(emission.Preamble, frame);
        var late = isReply && strikes.Contains(FaultKind.Slow) ? Seconds(faults, FaultKind.Slow) ?? SlowBy : default;
        var pieces = new List<ReadOnlyMemory<byte>> { frame };
        if (strikes.Contains(FaultKind.Split) && frame.Length > 1)
        {
            var cut = faults.Cut(frame.Length);
            pieces = [frame[..cut], frame[cut..]];
        }

        var tail = isReply && garbage.Length > 0 ? garbage.Length + 1 : 0;
        if (isReply)
            pieces[^1] = Join(pieces[^1], garbage);
        else
            pieces[0] = Join(garbage, pieces[0]);
        return new Transmission(device, pieces, tail, late, values, isTrue);
    }

    static (ReadOnlyMemory<byte> Frame, IReadOnlyList<SentValue> Values) Merge(DeviceDouble device, Emission emission) =>
        device.Speak() is { } next ? (Join(emission.Frame, next.Frame), [.. emission.Values, .. next.Values]) : (emission.Frame, emission.Values);

    static TimeSpan? Seconds(FaultPlan faults, FaultKind kind) => faults.Setting(kind).Amount is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    static ReadOnlyMemory<byte>? Spoil(DeviceDouble device, FaultKind kind, ReadOnlyMemory<byte> frame) => kind switch
    {
        FaultKind.Crc => device.Faults.Spoil(frame.Span),
        FaultKind.Flip => device.Faults.Flip(frame.Span),
        FaultKind.Truncate => frame[..device.Faults.Cut(frame.Length)],
        FaultKind.Baud => BaudMismatch.Seen(frame.Span, 2, 1),
        FaultKind.WrongAddress or FaultKind.Exception => device.Instead(kind, frame),
        // Spelled out: a bare null would become an empty frame.
        _ => default(ReadOnlyMemory<byte>?),
    };

    static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second) =>
        first.IsEmpty ? second : second.IsEmpty ? first : (byte[])[.. first.Span, .. second.Span];
}
