using System.CommandLine;
using System.Globalization;
using EdgeHub.Edge.Bundles;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Cli;

/// <summary><c>edgehub export</c> and <c>edgehub import-receipt</c>: records to the city by hand, and its answer back.</summary>
sealed class BundleVerbs(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    public Command Export(Option<string?> config)
    {
        var to = new Option<string>("--to") { Description = "A new or empty directory, such as one on a USB stick.", HelpName = "DIR", Required = true };
        var spool = new Option<string?>("--spool") { Description = "Only this spool.", HelpName = "ID" };
        var first = new Option<ulong?>("--first") { Description = "With --spool: from this record on, whatever is still held of it, delivered or not." };
        var last = new Option<ulong?>("--last") { Description = "With --spool: up to this record." };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Recorded from then on by the box's clock, delivered or not, such as 2026-11-01T00:00Z.", CustomParser = Moment };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Recorded until then.", CustomParser = Moment };
        spool.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !SpoolId.TryParse(text, out _))
                result.AddError("--spool takes the 32 hexadecimal digits of a spool's id; the status topic lists them.");
        });
        var verb = new Command("export", "Write what waits for the city, or a range, as a bundle to carry there. Works beside the daemon and without it; releases nothing.") { to, spool, first, last, since, until };
        verb.Validators.Add(result =>
        {
            if ((result.GetValue(first) ?? result.GetValue(last)) is not null && result.GetValue(spool) is null)
                result.AddError("--first and --last need --spool: numbers count within one spool.");
            if (result.GetValue(first) == 0 || result.GetValue(first) > (result.GetValue(last) ?? ulong.MaxValue))
                result.AddError("--first is at least 1 and at most --last.");
        });
        verb.SetAction((parsed, stop) => WithDeskAsync(parsed.GetValue(config), desk =>
        {
            var numbers = (parsed.GetValue(first) ?? parsed.GetValue(last)) is null ? (NumberRange?)null : new NumberRange(parsed.GetValue(first) ?? 1, parsed.GetValue(last) ?? long.MaxValue);
            var selection = new BundleSelection(parsed.GetValue(spool) is { } text && SpoolId.TryParse(text, out var id) ? id : null, numbers, parsed.GetValue(since), parsed.GetValue(until));
            return ExportAsync(desk, Path.GetFullPath(parsed.GetValue(to)!), selection, stop);
        }));
        return verb;
    }

    public Command ImportReceipt(Option<string?> config)
    {
        var from = new Argument<string>("DIR") { Description = $"The directory of the bundle, in which edgehub-bridge import has written {BundleDirectory.ReceiptName}; or that file." };
        var verb = new Command("import-receipt", "Let go of what the city has stored from a bundle.") { from };
        verb.SetAction((parsed, stop) => WithDeskAsync(parsed.GetValue(config), async desk =>
        {
            var place = Path.GetFullPath(parsed.GetValue(from)!);
            var done = await ReceiptImport.RunAsync(desk, Directory.Exists(place) ? Path.Combine(place, BundleDirectory.ReceiptName) : place, stop);
            foreach (var refused in done.Refused)
                await errors.WriteLineAsync($"Released nothing: {refused}");
            await output.WriteLineAsync($"Released {done.Released} records; {done.Before} acks said nothing new.");
            return done.Refused.Count == 0 ? ExitCode.Ok : ExitCode.Fault;
        }));
        return verb;
    }

    async Task<int> ExportAsync(ISpoolDesk desk, string directory, BundleSelection selection, CancellationToken stop)
    {
        var done = await BundleExport.RunAsync(desk, new BundleDirectory(directory), selection, $"edgehub {Daemon.Version}", time, stop);
        if (done.Gone > 0)
            await errors.WriteLineAsync($"{done.Gone} of the records asked for are held no more.");
        if (done.Unreadable > 0)
            await errors.WriteLineAsync($"{done.Unreadable} records are in no copy any more; each gets a tombstone.");
        await output.WriteLineAsync(done.Envelopes == 0
            ? "There is nothing to carry; no bundle was written."
            : string.Create(CultureInfo.InvariantCulture, $"{done.Records} records of {done.Spools} spools in {done.Envelopes} envelopes, {done.Bytes / 1048576.0:0.0} MiB, in {directory}.\nIn the city: edgehub-bridge import DIR. Back here with its receipt: edgehub import-receipt DIR. Until then the box keeps everything."));
        return done.Gone + done.Unreadable == 0 ? ExitCode.Ok : ExitCode.Fault;
    }

    async Task<int> WithDeskAsync(string? config, Func<ISpoolDesk, Task<int>> then)
    {
        try
        {
            using var logs = LoggerFactory.Create(_ => { });
            await using var desk = DeskFinder.Open(config, environment, time, logs);
            return await then(desk);
        }
        catch (NewerFormatException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.NewerFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }

    static DateTimeOffset? Moment(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        result.AddError($"{result.Tokens[0].Value} is no moment; write it as 2026-11-01T00:00Z.");
        return null;
    }
}
