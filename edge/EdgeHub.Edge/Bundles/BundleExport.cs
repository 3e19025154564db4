using EdgeHub.Wire;

namespace EdgeHub.Edge.Bundles;

/// <summary>Writes selected records to a bundle. Nothing is released by it: that is the receipt's part.</summary>
/// <param name="Gone">Records that were asked for and are held no more.</param>
/// <param name="Unreadable">Records that wait and could not be read; the spool gives them a tombstone.</param>
sealed record BundleExport(int Envelopes, ulong Records, int Spools, long Bytes, ulong Gone, ulong Unreadable)
{
    /// <exception cref="IOException">The directory is not empty, the medium is full or refuses, or the daemon went away.</exception>
    public static async Task<BundleExport> RunAsync(ISpoolDesk desk, BundleDirectory bundle, BundleSelection selection, string writer, TimeProvider time, CancellationToken stop)
    {
        var taken = (await desk.SpoolsAsync(stop)).Where(selection.Takes).ToArray();
        var done = new BundleExport(0, 0, 0, 0, taken.Aggregate(0UL, (sum, spool) => sum + selection.GoneOf(spool)), 0);
        if (taken.All(spool => selection.Of(spool).Count == 0))
            return done;
        bundle.Create();
        using var codec = new EnvelopeCodec();
        foreach (var spool in taken)
        {
            var before = done.Records;
            foreach (var range in selection.Of(spool))
                done = await AddAsync(desk, bundle, selection, SpoolId.TryParse(spool.Spool, out var id) ? id : default, range, codec, done, stop);
            done = done with { Spools = done.Spools + (done.Records > before ? 1 : 0) };
        }

        bundle.Finish(taken[0].Gateway, time.GetUtcNow().ToUnixTimeMilliseconds(), writer);
        return done;
    }

    static async Task<BundleExport> AddAsync(ISpoolDesk desk, BundleDirectory bundle, BundleSelection selection, SpoolId spool, NumberRange range, EnvelopeCodec codec, BundleExport done, CancellationToken stop)
    {
        for (var first = range.First; first <= range.Last;)
        {
            if (await desk.PackAsync(spool, range with { First = first }, stop) is not { } payload)
            {
                (first, done) = (first + 1, done with { Unreadable = done.Unreadable + 1 });
                continue;
            }

            // Read back as the city will: what it could not read must not be carried there.
            var envelope = codec.TryDecode(payload, out var reason) ?? throw new IOException($"Record {first} of spool {spool} does not travel: {reason}");
            first = envelope.Numbers.Last + 1;
            if (!selection.Takes(envelope))
                continue;
            bundle.Add(payload);
            done = done with { Envelopes = done.Envelopes + 1, Records = done.Records + envelope.Numbers.Count, Bytes = done.Bytes + payload.Length };
        }

        return done;
    }
}
