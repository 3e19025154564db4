using System.Globalization;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.Hosting;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>refill</c>: may run beside the daemon, the database keeps them apart.</summary>
static class RefillVerb
{
    public static async Task<int> RunAsync(BridgeOptions options, string gateway, string fromText, string toText, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!TryRead(fromText, out var from) || !TryRead(toText, out var to) || from > to)
        {
            await errors.WriteLineAsync($"--from {fromText} --to {toText}: write two times with their zone, the earlier first, such as 2026-11-23T00:00:00Z.");
            return ExitCode.BadConfiguration;
        }

        return await BridgeDaemon.WithStoreAsync(
            options,
            time,
            errors,
            async store =>
            {
                if (await Refill.RunAsync(store, gateway, from, to, time.GetUtcNow(), cancellationToken) is not { } gone)
                {
                    await errors.WriteLineAsync($"--gateway {gateway}: {store.Description} has never heard of this gateway.");
                    return ExitCode.BadConfiguration;
                }

                await output.WriteLineAsync(gone.Records == 0
                    ? $"Nothing of {gateway} lies between {from:O} and {to:O}."
                    : $"{gone.Records} records with {gone.Rows} readings of {gateway} were taken out. The bridge asks for them at the box's next status, within a minute of its connection; what the box no longer has it says so.");
                return ExitCode.Ok;
            },
            cancellationToken);
    }

    static bool TryRead(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
