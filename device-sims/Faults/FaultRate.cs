using System.Globalization;

namespace EdgeHub.DeviceSims.Faults;

/// <summary>One <c>[sensor:]name=rate</c> of the command line: a fault, how many of its frames it strikes (0 to 1), and on which sensor.</summary>
/// <param name="Sensor">The sensor's id, or null for all of them.</param>
/// <param name="Kind">The fault.</param>
/// <param name="Rate">The share of frames, 0 to 1.</param>
public sealed record FaultRate(string? Sensor, FaultKind Kind, double Rate)
{
    /// <summary>The names of all faults, in the order of <see cref="FaultKind"/>, as the command line takes them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "garbage", "crc", "split", "silence", "hangup", "flip", "truncate", "merge", "slow", "wrong-address",
        "exception", "baud", "babble", "stuck", "spike", "drift", "sentinel", "rollover",
    ];

    /// <summary>The name of a fault, as the command line takes it.</summary>
    public static string NameOf(FaultKind kind) => Names[(int)kind];

    /// <summary>Reads <c>crc=0.01</c> or <c>pms1:crc=0.01</c>; on failure <paramref name="error"/> is a sentence with the fix.</summary>
    public static FaultRate? Parse(string text, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (equals < 0 || colon > equals)
        {
            error = $"'{text}' is not [sensor:]name=rate, for example crc=0.01 or pms1:silence=0.1.";
            return null;
        }

        if (!TryKind(text[(colon + 1)..equals], out var kind, out error) || !TryRate(text[(equals + 1)..], out var rate, out error))
        {
            return null;
        }

        return new FaultRate(colon < 0 ? null : text[..colon], kind, rate);
    }

    /// <summary>Finds a fault by its name.</summary>
    public static bool TryKind(string name, out FaultKind kind, out string error)
    {
        var at = Names.Index().FirstOrDefault(entry => entry.Item.Equals(name, StringComparison.OrdinalIgnoreCase), (Index: -1, Item: "")).Index;
        kind = (FaultKind)Math.Max(at, 0);
        var known = at >= 0;
        error = known ? "" : $"'{name}' is no fault; there are: {string.Join(", ", Names)}.";
        return known;
    }

    /// <summary>Reads a share of frames: 0 to 1, or <c>on</c> and <c>off</c>.</summary>
    public static bool TryRate(string text, out double rate, out string error)
    {
        var known = text switch
        {
            "on" => (rate = 1) > 0,
            "off" => (rate = 0) == 0,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate is >= 0 and <= 1,
        };
        error = known ? "" : $"'{text}' is no share of frames; give a number from 0 to 1, on or off.";
        return known;
    }
}
