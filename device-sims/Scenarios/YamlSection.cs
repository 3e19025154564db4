using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>
/// One mapping of a scenario. Each reader method marks its key as known and answers the fallback where the key is missing or wrong;
/// what is wrong lands in the list of errors with its line. After the last read <see cref="RejectUnknown"/> names the keys nobody asked for.
/// </summary>
sealed class YamlSection(string file, YamlMappingNode node, string path, List<ScenarioError> errors)
{
    readonly SortedSet<string> known = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Keys => [.. node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "")];

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Notes what is wrong with a key, at its own line, or at the section's where the key is missing.</summary>
    public void Error(string key, string reason) =>
        errors.Add(new ScenarioError(file, KeyNode(key)?.Start.Line ?? node.Start.Line, path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}", reason));

    /// <summary>A text; null as fallback makes the key required.</summary>
    public string Text(string key, string? fallback, string fix)
    {
        if (Scalar(key) is { Length: > 0 } text)
            return text;
        if (fallback is null)
            Error(key, $"this key is required. {fix}");
        return fallback ?? "";
    }

    /// <summary>A number; NaN as fallback makes the key required.</summary>
    public double Number(string key, double fallback, double minimum = -1e12, double maximum = 1e12)
    {
        var fix = string.Create(CultureInfo.InvariantCulture, $"Write a number from {minimum} to {maximum}.");
        var instead = double.IsNaN(fallback) ? Math.Max(minimum, 0) : fallback;
        if (Scalar(key) is not { } text)
        {
            if (double.IsNaN(fallback))
                Error(key, $"this key is required. {fix}");
            return instead;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;
        Error(key, $"'{text}' is no number in the allowed range. {fix}");
        return instead;
    }

    /// <summary>A length of time; null as fallback lets the key be missing.</summary>
    public TimeSpan? Length(string key, TimeSpan? fallback, TimeSpan minimum)
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (Span.TryParse(text, out var value) && value >= minimum)
            return value;
        Error(key, $"'{text}' is no length of time from {minimum.TotalMilliseconds}ms to {Span.Max.TotalDays}d. Write a number with ms, s, m, h or d, such as 500ms.");
        return fallback;
    }

    /// <summary>A moment of the scenario; null and an error where it is missing.</summary>
    public TimeSpan Moment(string key)
    {
        if (!Has(key))
            Error(key, "this key is required. Write the time since the start, such as 30s.");
        return Length(key, null, TimeSpan.Zero) ?? TimeSpan.Zero;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Scalar(key) is not { } text)
            return fallback;
        if (text is "true" or "false")
            return text == "true";
        Error(key, $"'{text}' is neither true nor false.");
        return fallback;
    }

    /// <summary>The mapping under a key; null when there is none.</summary>
    public YamlSection? Section(string key)
    {
        known.Add(key);
        if (Find(key) is not { } child)
            return null;
        if (child is YamlMappingNode map)
            return new YamlSection(file, map, path.Length == 0 ? key : $"{path}.{key}", errors);
        Error(key, "this must be a mapping: keys with a colon, each on its own line or within { }.");
        return null;
    }

    /// <summary>The mappings of a list.</summary>
    public IReadOnlyList<YamlSection> List(string key, int countMax)
    {
        known.Add(key);
        if (Find(key) is not { } child)
            return [];
        if (child is not YamlSequenceNode list || list.Children.Any(item => item is not YamlMappingNode))
        {
            Error(key, "this must be a list of mappings, each behind a dash.");
            return [];
        }

        if (list.Children.Count > countMax)
            Error(key, $"the list has {list.Children.Count} entries; keep at most {countMax}.");
        return [.. list.Children.Take(countMax).Select((item, i) => new YamlSection(file, (YamlMappingNode)item, $"{(path.Length == 0 ? "" : path + ".")}{key}[{i}]", errors))];
    }

    public void RejectUnknown()
    {
        foreach (var key in Keys.Where(key => !known.Contains(key)))
            Error(key, $"this key is not known here. {NearestWord.Advice(key, known)}");
    }

    string? Scalar(string key)
    {
        known.Add(key);
        switch (Find(key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return scalar.Value ?? "";
            default:
                Error(key, "this must be a single value.");
                return null;
        }
    }

    YamlNode? Find(string key) => KeyNode(key) is { } found ? node.Children[found] : null;

    YamlScalarNode? KeyNode(string key) => node.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(candidate => candidate.Value == key);
}
