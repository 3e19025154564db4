using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Tests.Uplink;

/// <summary>Spools in memory that keep the spool's word: a digest that differs releases nothing.</summary>
sealed class FakeSpools
{
    readonly Lock gate = new();
    readonly SortedDictionary<SpoolId, (SpoolClass Class, List<byte[]> Records, RangeSet Acked)> spools = [];
    Action<RecordedNotice>? recorded;

    public SpoolDoor Door => new(Views, Read, Release, Unrelease, handler => recorded += handler);

    public ulong Waiting
    {
        get
        {
            lock (gate)
                return spools.Values.Aggregate(0UL, (sum, spool) => sum + (ulong)spool.Records.Count - spool.Acked.Count);
        }
    }

    public static SpoolId Id(int number) => new((UInt128)number);

    public void Record(int spool, SpoolClass spoolClass, int count, int bytes = 40)
    {
        var id = Id(spool);
        ulong first;
        lock (gate)
        {
            if (!spools.TryGetValue(id, out var held))
                spools[id] = held = (spoolClass, [], []);
            first = (ulong)held.Records.Count + 1;
            for (var i = 0; i < count; i++)
                held.Records.Add(Content(spool, held.Records.Count + 1, bytes));
        }

        recorded?.Invoke(new RecordedNotice(id, spoolClass, new NumberRange(first, first + (ulong)count - 1), (long)count * bytes));
    }

    public RecordHash[] Hashes(SpoolId id)
    {
        lock (gate)
            return [.. spools[id].Records.Select(record => RecordHash.Of(record))];
    }

    public IReadOnlyList<SpoolView> Views()
    {
        lock (gate)
            return [.. spools.Select(entry => new SpoolView(entry.Key, entry.Value.Class, (ulong)entry.Value.Records.Count, RecordHash.Zero, new RangeSet(entry.Value.Acked), [], [], [.. entry.Value.Acked.GapsIn(new NumberRange(1, (ulong)entry.Value.Records.Count))], true))];
    }

    // Noise, so that it travels as long as it is.
    static byte[] Content(int spool, int number, int bytes)
    {
        var content = new byte[bytes];
#pragma warning disable CA5394 // Nobody needs to be kept from guessing it.
        new Random((spool * 1_000_003) + number).NextBytes(content);
#pragma warning restore CA5394
        return content;
    }

    RecordRun? Read(SpoolId id, NumberRange numbers, int recordsMax, int bytesMax)
    {
        lock (gate)
        {
            var held = spools[id];
            var (run, bytes) = (new List<ReadOnlyMemory<byte>>(), 0);
            for (var number = numbers.First; number <= numbers.Last && run.Count < recordsMax; number++)
            {
                var record = held.Records[(int)number - 1];
                if (run.Count > 0 && (bytes += record.Length) > bytesMax)
                    break;
                run.Add(record);
            }

            var before = held.Records.Take((int)numbers.First - 1).Aggregate(RecordHash.Zero, (chain, record) => chain.Then(RecordHash.Of(record)));
            return new RecordRun(id, held.Class, numbers.First, before, run, 0);
        }
    }

    ReleaseResult Release(Ack ack)
    {
        lock (gate)
        {
            if (!spools.TryGetValue(ack.Spool, out var held))
                return new ReleaseResult(ReleaseOutcome.UnknownSpool, 0, 0);
            var named = new RangeSet(ack.Stored.Concat(ack.SetAside));
            if (named.Last > (ulong)held.Records.Count)
                return new ReleaseResult(ReleaseOutcome.UnknownNumbers, 0, 0);
            var numbers = named.SelectMany(range => Enumerable.Range((int)range.First, (int)range.Count));
            if (RecordHash.DigestOf(numbers.Select(number => RecordHash.Of(held.Records[number - 1]))) != ack.Digest)
                return new ReleaseResult(ReleaseOutcome.DigestDiffers, 0, 0);
            foreach (var range in named)
                held.Acked.Add(range);
            return new ReleaseResult(ReleaseOutcome.Released, named.Count, 0);
        }
    }

    void Unrelease(SpoolId id, IReadOnlyList<NumberRange> missing)
    {
        lock (gate)
            foreach (var range in missing)
                spools[id].Acked.Remove(range);
    }
}
