using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeHub.Benchmarks;

/// <summary>The rows as a Markdown table for people and as JSON for programs.</summary>
static class Report
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static string ToMarkdown(IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder("| name | value | unit | reference | ratio | target | note |\n|---|---:|---|---:|---:|---|---|\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {Number(row.Value)} | {row.Unit} | {Number(row.Reference)} | {Number(row.Ratio)} | {row.Target} | {row.Note} |\n");
        return text.ToString();
    }

    public static string ToJson(IReadOnlyList<Row> rows) => JsonSerializer.Serialize(rows, Json);

    static string Number(double? value) => value switch
    {
        null => "",
        >= 1000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };
}
