using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeHub.Edge.Bundles;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub books</c>: what was recorded by whose count, and what was due and never read. Exit code: 0 it balances, 1 it does not.</summary>
sealed class BooksVerb(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    public Command Command(Option<string?> config)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var verb = new Command("books", "Compare what the recorder counted with what the journal holds, stream by stream. Works beside the daemon and without it. Exit code: 0 it balances, 1 it does not.") { json };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), parsed.GetValue(json), stop));
        return verb;
    }

    async Task<int> RunAsync(string? config, bool json, CancellationToken stop)
    {
        try
        {
            using var logs = LoggerFactory.Create(_ => { });
            await using var desk = DeskFinder.Open(config, environment, time, logs);
            var books = await desk.BooksAsync(stop);
            await output.WriteAsync(json ? JsonSerializer.Serialize(books, BundlesJson.Default.BoxBooks) + "\n" : Table(books));
            return books.Difference is null ? ExitCode.Ok : ExitCode.Fault;
        }
        catch (NewerFormatException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.NewerFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }

    static string Table(BoxBooks books)
    {
        var text = new StringBuilder().AppendLine(books.Difference ?? "The books balance.").AppendLine();
        foreach (var spool in books.Spools)
        {
            Line(text, $"spool {spool.Spool} ({spool.Class.ToLowerInvariant()}): {spool.Records} records, {spool.Delivered} delivered ({spool.SetAside} set aside), {spool.Tombstoned} tombstoned, {spool.Waiting} waiting");
            if (spool.Streams.Count > 0)
                Line(text, $"  {"stream",-40} {"recorded",12} {"in journal",12}");
            foreach (var stream in spool.Streams)
                Line(text, $"  {stream.Sensor + "/" + stream.Quantity,-40} {Number(stream.Recorded),12} {Number(stream.Journal),12}{(stream is { Recorded: { } recorded, Journal: { } journal } && recorded != journal ? "  DIFFERS" : "")}");
        }

        Line(text, $"since the data directory was born: {books.Recorded} readings recorded, {books.Waiting} waiting, {books.Tombstoned} tombstoned");
        if (books.Unread.Count > 0)
            Line(text, $"{"due and never read",-42} {"reason",12} {"values",12}");
        foreach (var unread in books.Unread)
            Line(text, $"  {unread.Sensor + "/" + unread.Quantity,-40} {unread.Reason,12} {unread.Count,12}");
        return text.ToString();
    }

    static string Number(ulong? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "-";

    static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
