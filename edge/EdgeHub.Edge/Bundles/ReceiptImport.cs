using EdgeHub.Wire;

namespace EdgeHub.Edge.Bundles;

/// <summary>Takes a receipt's acks as if the broker had brought them.</summary>
/// <param name="Released">Records that waited until now.</param>
/// <param name="Before">Acks that said nothing new: the line was back first.</param>
/// <param name="Refused">Acks that released nothing, with the reason.</param>
sealed record ReceiptImport(ulong Released, int Before, IReadOnlyList<string> Refused)
{
    /// <exception cref="BundleException">The receipt is of another gateway, another bundle or another store; nothing is released.</exception>
    public static async Task<ReceiptImport> RunAsync(ISpoolDesk desk, string file, CancellationToken stop)
    {
        var receipt = BundleReceipt.Read(file);
        if (await desk.SpoolsAsync(stop) is [var any, ..] && any.Gateway != receipt.Gateway)
            throw new BundleException(BundleFault.Foreign, $"{file} is for the gateway {receipt.Gateway}, and this box is {any.Gateway}.");
        CheckBundle(receipt, file);
        var done = new ReceiptImport(0, 0, []);
        foreach (var ack in receipt.Acks)
        {
            var answer = await desk.SettleAsync(ack, stop);
            done = answer.Outcome switch
            {
                "Released" => done with { Released = done.Released + answer.Records },
                "AlreadyReleased" => done with { Before = done.Before + 1 },
                // One store for all of them: the first says it for the rest.
                DeskAnswer.ForeignStore => throw new BundleException(BundleFault.Foreign, $"{file} is of the store {receipt.Store}, and this box is bound to {answer.BoundTo}: if the city has a new database on purpose, set uplink.storeId."),
                _ => done with { Refused = [.. done.Refused, $"spool {ack.Spool}, records {string.Join(',', ack.Stored.Concat(ack.SetAside).Take(8))}: {answer.Outcome}"] },
            };
        }

        return done;
    }

    static void CheckBundle(BundleReceipt receipt, string file)
    {
        var beside = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (File.Exists(Path.Combine(beside, BundleDirectory.ManifestName)) && new BundleDirectory(beside).Open().Sha256 != receipt.Bundle)
            throw new BundleException(BundleFault.Foreign, $"{file} is the receipt of another bundle than the one beside it.");
    }
}
