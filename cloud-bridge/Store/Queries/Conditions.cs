using System.Globalization;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>What a question asks for, as SQL with numbered parameters. The texts are constants of this room; what comes from outside is a value.</summary>
sealed class Conditions
{
    readonly List<string> clauses = [];
    readonly List<object?> values = [];

    public string Text => clauses.Count == 0 ? "1 = 1" : string.Join(" AND ", clauses);

    public object?[] Values => [.. values];

    /// <param name="clause">With <c>{0}</c>, <c>{1}</c>, … where the values stand.</param>
    public Conditions Add(string clause, params object[] given)
    {
        clauses.Add(string.Format(CultureInfo.InvariantCulture, clause, [.. given.Select(Parameter)]));
        return this;
    }

    /// <summary>Equality, unless nothing is asked for.</summary>
    public Conditions Is(string column, string value) => value.Length == 0 ? this : Add($"{column} = {{0}}", value);

    /// <summary>An area and all in it: <c>330106/005</c> holds <c>330106/005/012</c> and not <c>330106/0051</c>.</summary>
    public Conditions Within(string column, string area) =>
        area.Length == 0 ? this : Add(string.Create(CultureInfo.InvariantCulture, $"substr({column} || '/', 1, {area.Length + 1}) = {{0}}"), area + "/");

    /// <summary>The text stands in one of the columns.</summary>
    public Conditions Contains(string text, params IEnumerable<string> columns)
    {
        if (text.Length == 0)
            return this;
        var pattern = $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        return Add($"({string.Join(" OR ", columns.Select(column => $"{column} LIKE {{0}} ESCAPE '\\'"))})", pattern);
    }

    /// <summary>One more parameter, for a place outside the conditions.</summary>
    public string Parameter(object value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
    }
}
