using System.Globalization;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>Lengths of time as a scenario writes them: a number with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
static class Span
{
    static readonly (string Suffix, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static TimeSpan Max { get; } = TimeSpan.FromDays(366);

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        foreach (var (suffix, milliseconds) in Units)
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds <= Max.TotalMilliseconds)
            {
                value = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }

        return false;
    }
}
