using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api;

/// <summary>RFC 4180: comma, CRLF, quotes where they are needed, a header line; UTF-8.</summary>
static class CsvFile
{
    public const string Header = "gateway,sensor,quantity,unit,site,area,class,classification,time,value,quality,grade,spool,sequence,historical";

    static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static async Task WriteAsync(Stream output, IAsyncEnumerable<IReadOnlyList<ExportRow>> pages)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(Header);
        await foreach (var rows in pages)
        {
            foreach (var row in rows)
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Field(row.Gateway)},{Field(row.Sensor)},{Field(row.Quantity)},{Field(row.Unit)},{Field(row.Site)},{Field(row.Area)},{row.Class},{Field(row.Classification)},{UtcText.Of(row.TimeMs)},{row.Value},{row.Quality},{row.Grade},{row.Spool},{row.Sequence},{(row.Historical ? "true" : "false")}"));
            await writer.FlushAsync();
        }
    }

    static string Field(string text) => text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
