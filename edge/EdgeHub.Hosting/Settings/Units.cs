using System.Globalization;

namespace EdgeHub.Hosting.Settings;

/// <summary>Lengths of time and sizes as people write them: a number and a unit.</summary>
public static class Units
{
    static readonly (string Suffix, double Milliseconds)[] Times = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    static readonly (string Suffix, long Bytes)[] Sizes = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("B", 1)];

    public static bool TryDuration(string text, out TimeSpan value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = TimeSpan.Zero;
        if (text == "0")
            return true;
        foreach (var (suffix, milliseconds) in Times)
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds < TimeSpan.MaxValue.TotalMilliseconds / 2)
            {
                value = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }

        return false;
    }

    public static bool TryBytes(string text, out long value)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return true;
        foreach (var (suffix, bytes) in Sizes)
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * bytes < long.MaxValue / 2)
            {
                value = (long)(number * bytes);
                return true;
            }

        return false;
    }

    /// <summary>The shortest exact writing: 1500 ms is <c>1500ms</c>, 60 s is <c>1m</c>.</summary>
    public static string Format(TimeSpan value)
    {
        foreach (var (suffix, milliseconds) in Times.Reverse())
            if (value.TotalMilliseconds >= milliseconds && value.TotalMilliseconds % milliseconds == 0)
                return (value.TotalMilliseconds / milliseconds).ToString(CultureInfo.InvariantCulture) + suffix;
        return value.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) + "ms";
    }

    /// <summary>The word that was probably meant, or null when none is near.</summary>
    public static string? Nearest(string text, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(text);
        var best = words.Select(word => (word, distance: EditDistance(word, text))).OrderBy(pair => pair.distance).FirstOrDefault();
        return best.word is not null && best.distance <= 2 + (text.Length / 8) ? best.word : null;
    }

    /// <summary>Levenshtein's distance, for "did you mean".</summary>
    internal static int EditDistance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[right.Length];
    }
}
