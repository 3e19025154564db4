using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.Hosting;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>books</c>: counts everything anew and compares it with what the boxes say; may run beside the daemon. Exit code: 0 it balances, 1 it does not.</summary>
static class BooksVerb
{
    public static Task<int> RunAsync(BridgeOptions options, string? gateway, bool json, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken) => BridgeDaemon.WithStoreAsync(
        options,
        time,
        errors,
        async store =>
        {
            var all = new List<GatewayBooks>();
            foreach (var one in gateway is null ? await FullAudit.GatewaysAsync(store, cancellationToken) : [gateway])
                if (await FullAudit.RunAsync(store, one, time.GetUtcNow(), cancellationToken) is { } books)
                    all.Add(books);
                else
                {
                    await errors.WriteLineAsync($"--gateway {one}: {store.Description} has never heard of this gateway.");
                    return ExitCode.BadConfiguration;
                }

            await output.WriteAsync(json ? JsonSerializer.Serialize([.. all], BooksJson.Default.GatewayBooksArray) + "\n" : Text(all));
            return all.TrueForAll(books => books.Balances) ? ExitCode.Ok : ExitCode.Fault;
        },
        cancellationToken);

    static string Text(List<GatewayBooks> all)
    {
        var text = new StringBuilder();
        if (all.Count == 0)
            text.AppendLine("No box has sent anything yet.");
        foreach (var books in all)
        {
            Line(text, $"{books.Gateway}: {Verdict(books)}");
            foreach (var difference in books.Differences)
                Line(text, $"  DIFFERS: records {difference.FirstNumber}-{difference.LastNumber} of spool {difference.Spool}, told {difference.ToldAt:yyyy-MM-ddTHH:mm:ssZ}: {difference.Text}");
            if (books.Streams.Count > 0)
                Line(text, $"  {"stream",-34} {"recorded",11} {"stored",11} {"parked",9} {"set aside",9} {"tombstoned",10} {"removed",9} {"difference",10}");
            foreach (var stream in books.Streams)
                Line(text, $"  {stream.Sensor + "/" + stream.Quantity,-34} {stream.Recorded,11} {stream.Stored,11} {stream.Parked,9} {stream.SetAside,9} {stream.Tombstoned,10} {stream.Removed,9} {stream.Difference,10}");
            foreach (var unread in books.Unread)
                Line(text, $"  {unread.Sensor + "/" + unread.Quantity,-34} due and never read: {unread.Count} {unread.Reason}");
        }

        return text.ToString();
    }

    static string Verdict(GatewayBooks books) => books switch
    {
        { Cuts: 0 } => "no books; the box has an older version, or nothing of it has come yet",
        { Balances: false } => string.Create(CultureInfo.InvariantCulture, $"the books differ at {books.Differences.Count} of {books.Cuts} cuts"),
        { Open: > 0 } => string.Create(CultureInfo.InvariantCulture, $"the books balance at {books.Cuts - books.Open} cuts; {books.Open} more wait for records that are on their way"),
        _ => string.Create(CultureInfo.InvariantCulture, $"the books balance at {books.Cuts} cuts"),
    };

    static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
