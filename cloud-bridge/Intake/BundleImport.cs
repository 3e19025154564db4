using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Commits;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// A bundle to the store, by the path of live intake: each envelope is an arrival on its gateway's topic, and the receipt holds the acks
/// that the broker would have carried. The whole bundle is checked before the first record is stored; a batch is stored whole or not at all, and
/// a bundle that comes twice, or after its records did, is answered from the ledger.
/// </summary>
/// <param name="Differing">Records whose number the store has with other bytes: not acked, an alarm.</param>
public sealed record BundleImport(string Gateway, int Envelopes, long Records, long ReadingsStored, long Before, long SetAside, long Differing)
{
    /// <exception cref="BundleException">The bundle cannot be used; nothing is stored of it.</exception>
    /// <exception cref="IOException">The receipt cannot be written; what is stored is stored, and a second import writes it.</exception>
    public static async Task<BundleImport> RunAsync(Committer committer, Topics topics, IntakeOptions options, BundleDirectory bundle, string receiptFile, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(committer);
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        using var reader = new ArrivalReader(topics);
        var (manifest, sha256) = bundle.Open();
        foreach (var file in manifest.Files)
            Read(reader, topics, bundle, manifest, file);
        var acks = new List<Ack>();
        var done = new BundleImport(manifest.Gateway, manifest.Files.Count, 0, 0, 0, 0, 0);
        var batch = new List<DeliveredRecord>();
        for (var i = 0; i < manifest.Files.Count; i++)
        {
            batch.AddRange(Read(reader, topics, bundle, manifest, manifest.Files[i]));
            if (batch.Count < options.BatchRecordsMax && batch.Sum(record => (long)record.Bytes.Length) < options.BatchBytesMax && i < manifest.Files.Count - 1)
                continue;
            var result = await committer.CommitAsync(batch, [], [], stop);
            acks.AddRange(result.Acks.Select(ack => ack.Ack));
            done = done with
            {
                Records = done.Records + batch.Count,
                ReadingsStored = done.ReadingsStored + result.ReadingsStored,
                Before = done.Before + result.Duplicates,
                SetAside = done.SetAside + result.RecordsSetAside,
                Differing = done.Differing + result.Equivocations,
            };
            batch.Clear();
        }

        new BundleReceipt(manifest.Gateway, sha256, committer.Store.StoreId, acks).Write(receiptFile);
        return done;
    }

    static IReadOnlyList<DeliveredRecord> Read(ArrivalReader reader, Topics topics, BundleDirectory bundle, BundleManifest manifest, BundleFile file)
    {
        var delivery = reader.Read(new Arrival(topics.Records(manifest.Gateway), bundle.Read(file), Acknowledge: null));
        if (delivery is { DeadLetter: null })
            return delivery.Records;
        var reason = delivery?.DeadLetter?.Reason ?? "it is no envelope";
        var fault = reason.Contains("of gateway", StringComparison.Ordinal) ? BundleFault.Foreign : reason.Contains("version", StringComparison.Ordinal) ? BundleFault.Newer : BundleFault.Malformed;
        throw new BundleException(fault, $"{bundle.PathOf(file.Name)}: {reason}.");
    }
}
