using System.Globalization;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Hosting;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge.Cli;

/// <summary><c>import</c>: a bundle that somebody carried here; may run beside the daemon, the database keeps them apart.</summary>
static class ImportVerb
{
    public static async Task<int> RunAsync(BridgeOptions options, string directory, string? receipt, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        var bundle = new BundleDirectory(Path.GetFullPath(directory));
        var file = receipt is null ? bundle.PathOf(BundleDirectory.ReceiptName) : Path.GetFullPath(receipt);
        try
        {
            // Before a store is made for a directory that holds no bundle.
            bundle.Open();
            return await BridgeDaemon.WithStoreAsync(options, time, errors, store => ImportAsync(store, options, bundle, file, time, output, errors, stop), stop);
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(e.Message);
            return ExitCode.Fault;
        }
    }

    static async Task<int> ImportAsync(IReadingStore store, BridgeOptions options, BundleDirectory bundle, string receipt, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(options.Log.Apply);
        var done = await BundleImport.RunAsync(new Committer(store, time, logs.CreateLogger<Committer>()), new Topics(options.Prefix), options.Intake, bundle, receipt, stop);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Records} records of {done.Gateway} in {done.Envelopes} envelopes: {done.ReadingsStored} readings are new, {done.Before} records were there already, {done.SetAside} are set aside.\nThe receipt is {receipt}. Carry it back to the box: edgehub import-receipt DIR."));
        if (done.Differing == 0)
            return ExitCode.Ok;
        await errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Differing} records stand in the store under the same numbers with other bytes. They are not acked: look for a copied box, or tampering."));
        return ExitCode.Fault;
    }
}
