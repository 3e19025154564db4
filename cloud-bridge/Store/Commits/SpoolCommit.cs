using EdgeHub.CloudBridge.Store.Accounting;
using EdgeHub.CloudBridge.Store.Kept;
using EdgeHub.CloudBridge.Store.Ledger;
using EdgeHub.CloudBridge.Store.Rows;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Commits;

/// <summary>Applies the records of one spool inside a transaction: ledger first, then what the record says.</summary>
sealed class SpoolCommit(StoreTransaction transaction, StreamCache streams, RowBatch rows, ActiveOverlaps overlaps, AheadClocks ahead, long nowMs, bool replay)
{
    // Blocks whose times the ledger's runs do not know of themselves: dated by another record, or decoded at a later try.
    readonly List<(SpoolRow Spool, DeliveredRecord Record, long UnixOffsetMs)> dated = [];

    /// <summary>Two boxes on one bus that were found; in the event table with this transaction.</summary>
    public List<StoreEvent> TwoActive { get; } = [];

    /// <summary>Clocks that run ahead, likewise.</summary>
    public List<StoreEvent> ClockAhead { get; } = [];

    /// <summary>What became of a block: rows, parked, or a fault.</summary>
    public readonly record struct BlockFate(long Readings, string? Fault);

    /// <param name="records">Of one spool, ascending by number; the same number may stand more than once.</param>
    public async Task<SpoolOutcome> ApplyAsync(ArraySegment<DeliveredRecord> records, CancellationToken cancellationToken)
    {
        var first = records[0];
        var outcome = new SpoolOutcome(first.Gateway, first.Spool);
        var gateway = await LedgerTable.GatewayAsync(transaction, first.Gateway, cancellationToken);
        var spool = await LedgerTable.LockSpoolAsync(transaction, gateway, first.Spool, first.Class, nowMs, cancellationToken);
        var ledger = await LedgerTable.LoadAsync(transaction, spool.Key, cancellationToken);
        var before = ledger.Rows().ToHashSet();
        var hashes = records.Any(record => IsKnown(ledger, record.Number))
            ? await LedgerTable.HashesAsync(transaction, spool.Key, new NumberRange(first.Number, records[^1].Number), cancellationToken)
            : new HashRuns([]);
        var added = new List<DeliveredRecord>(records.Count);
        var readings = 0L;
        DeliveredRecord? last = null;
        foreach (var record in records)
        {
            var again = last?.Number == record.Number;
            if (again ? last!.Hash != record.Hash : IsKnown(ledger, record.Number) && !IsReplayOf(ledger, record.Number) && !hashes.Agrees(record))
            {
                await EquivocateAsync(outcome, record, cancellationToken);
                continue;
            }

            if (again || (IsKnown(ledger, record.Number) && !IsReplayOf(ledger, record.Number)))
            {
                outcome.Duplicates++;
                if (!again)
                    outcome.Deliver(record, ledger.StateOf(record.Number));
                last = record;
                continue;
            }

            last = record;
            if (!IsKnown(ledger, record.Number))
                added.Add(record);
            var fate = await KindAsync(spool, ledger, outcome, record, cancellationToken);
            readings += fate.Readings;
            await MarkAsync(spool, ledger, outcome, record, fate.Fault, cancellationToken);
        }

        await LedgerTable.AddHashesAsync(transaction, spool.Key, added, nowMs, cancellationToken);
        await NoteTimesAsync(cancellationToken);
        await LedgerTable.SaveAsync(transaction, spool.Key, before, ledger, cancellationToken);
        await SaveSpoolAsync(spool, added, readings, cancellationToken);
        return outcome;
    }

    /// <summary>A block to rows; parked when its catalog or its clock is not known yet.</summary>
    public async Task<BlockFate> BlockAsync(SpoolRow spool, DeliveredRecord record, CancellationToken cancellationToken)
    {
        var block = record.Content!.Block;
        var keys = await StreamsAsync(spool, block.CatalogNumber, cancellationToken);
        var clock = block.ClockQuality != ClockQuality.None
            ? new BootClock(block.BootId.Memory, block.UnixOffsetMs, 0, block.ClockQuality)
            : await BootTable.FindAsync(transaction, spool.Gateway, block.BootId.Memory, cancellationToken);
        if (keys is not null && clock is not null)
        {
            // Where a boot's time was only bounded the runs stay without one: it must not bound other boots in turn.
            if ((replay || block.ClockQuality == ClockQuality.None) && !clock.IsBounded)
                dated.Add((spool, record, clock.UnixOffsetMs));
            var fault = rows.TryAdd(spool, record, keys, clock);
            if (fault is null && overlaps.Note(spool, record, keys, clock.UnixOffsetMs) is { } found)
            {
                TwoActive.Add(found);
                await KeptTable.AddEventAsync(transaction, found, nowMs, cancellationToken);
            }

            if (fault is null && ahead.Note(spool, record.Gateway, rows.NewestMs, nowMs) is { } early)
            {
                ClockAhead.Add(early);
                await KeptTable.AddEventAsync(transaction, early, nowMs, cancellationToken);
            }

            return new BlockFate(record.Readings!.Count, fault);
        }

        await ParkedTable.AddAsync(transaction, spool, record, block, cancellationToken);
        return new BlockFate(record.Readings!.Count, null);
    }

    /// <summary>Notes in the ledger when the readings of blocks were that were dated late: their rows can then be found by time.</summary>
    public async Task NoteTimesAsync(CancellationToken cancellationToken)
    {
        foreach (var (spool, record, offset) in dated)
            await LedgerTable.WidenAsync(transaction, spool.Key, record, RunExtent.Times(record, offset), cancellationToken);
        dated.Clear();
    }

    async Task<BlockFate> KindAsync(SpoolRow spool, SpoolLedger ledger, SpoolOutcome outcome, DeliveredRecord record, CancellationToken cancellationToken)
    {
        if (record.Content is not { } content || record.Fault is not null)
            return new BlockFate(0, record.Fault ?? "the bytes are no record");
        switch (content.KindCase)
        {
            case Record.KindOneofCase.Block:
                if (ledger.StateOf(record.Number) == RecordState.Tombstoned)
                    await AggregatesTable.RemoveAsync(transaction, spool, record, cancellationToken);
                if (content.Block.ClockQuality is ClockQuality.Ntp or ClockQuality.Gnss && streams.IsNewBoot(spool.Gateway, content.Block.BootId))
                {
                    // A boot whose clock is known dates its own undated blocks, also those of an earlier start of the program.
                    await BootTable.AddAsync(transaction, spool.Gateway, new BootClock(content.Block.BootId.Memory, content.Block.UnixOffsetMs, 0, content.Block.ClockQuality), cancellationToken);
                    outcome.MayUnpark = true;
                }

                return await BlockAsync(spool, record, cancellationToken);
            case Record.KindOneofCase.Catalog:
                await CatalogTable.AddSideRecordAsync(transaction, spool.Key, record.Number, CatalogTable.CatalogKind, record.Bytes, cancellationToken);
                streams.Add(spool.Key, record.Number, await CatalogTable.StreamsAsync(transaction, spool.Gateway, content.Catalog, nowMs, cancellationToken));
                outcome.MayUnpark = true;
                if (content.Opening is { } opening && await Forks.FindAsync(transaction, spool, record, opening, cancellationToken) is { } fork)
                {
                    outcome.Events.Add(fork);
                    await KeptTable.AddEventAsync(transaction, fork, nowMs, cancellationToken);
                }

                break;
            case Record.KindOneofCase.ClockFix:
                await CatalogTable.AddSideRecordAsync(transaction, spool.Key, record.Number, "clock_fix", record.Bytes, cancellationToken);
                await BootTable.AddAsync(transaction, spool.Gateway, BootClock.Of(content.ClockFix), cancellationToken);
                outcome.MayUnpark = true;
                break;
            case Record.KindOneofCase.Tombstone:
                await CatalogTable.AddSideRecordAsync(transaction, spool.Key, record.Number, "tombstone", record.Bytes, cancellationToken);
                await TombstoneAsync(spool, ledger, record, content.Tombstone, cancellationToken);
                break;
            case Record.KindOneofCase.Books:
                await CatalogTable.AddSideRecordAsync(transaction, spool.Key, record.Number, CutTable.Kind, record.Bytes, cancellationToken);
                await CutTable.AddAsync(transaction, spool, record.Spool, record.Number, content.Books, nowMs, cancellationToken);
                break;
            default:
                await CatalogTable.AddSideRecordAsync(transaction, spool.Key, record.Number, AggregatesTable.Kind, record.Bytes, cancellationToken);
                break;
        }

        return default;
    }

    async Task TombstoneAsync(SpoolRow spool, SpoolLedger ledger, DeliveredRecord record, Tombstone tombstone, CancellationToken cancellationToken)
    {
        var range = new NumberRange(tombstone.FirstNumber, Math.Min(tombstone.LastNumber, long.MaxValue - 1));
        var about = SpoolId.Read(tombstone.Spool.Span);
        if (about == record.Spool)
        {
            ledger.MarkTombstoned(range);
            return;
        }

        var other = await LedgerTable.LockSpoolAsync(transaction, spool.Gateway, about, record.Class, nowMs, cancellationToken);
        var otherLedger = await LedgerTable.LoadAsync(transaction, other.Key, cancellationToken);
        var before = otherLedger.Rows().ToHashSet();
        otherLedger.MarkTombstoned(range);
        await LedgerTable.SaveAsync(transaction, other.Key, before, otherLedger, cancellationToken);
    }

    async Task MarkAsync(SpoolRow spool, SpoolLedger ledger, SpoolOutcome outcome, DeliveredRecord record, string? fault, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            ledger.MarkStored(record.Number);
            if (replay)
                await KeptTable.RemoveSetAsideAsync(transaction, spool.Key, record.Number, cancellationToken);
        }
        else
        {
            ledger.MarkSetAside(record.Number);
            await KeptTable.AddSetAsideAsync(transaction, spool.Key, record, fault, nowMs, cancellationToken);
        }

        outcome.Deliver(record, ledger.StateOf(record.Number));
    }

    Task EquivocateAsync(SpoolOutcome outcome, DeliveredRecord record, CancellationToken cancellationToken)
    {
        outcome.Equivocations++;
        return KeptTable.AddEventAsync(
            transaction,
            new StoreEvent(StoreEvent.Equivocation, record.Gateway, $"Record {record.Number} of spool {record.Spool} came again with other bytes; the first ones stay. A copied or restored box writes under this id.", record.Bytes),
            nowMs,
            cancellationToken);
    }

    async Task<StreamKey[]?> StreamsAsync(SpoolRow spool, ulong catalogNumber, CancellationToken cancellationToken)
    {
        if (streams.Find(spool.Key, catalogNumber) is { } known)
            return known;
        if (await CatalogTable.FindAsync(transaction, spool.Key, catalogNumber, cancellationToken) is not { } catalog)
            return null;
        var keys = await CatalogTable.StreamsAsync(transaction, spool.Gateway, catalog, nowMs, cancellationToken);
        streams.Add(spool.Key, catalogNumber, keys);
        return keys;
    }

    Task SaveSpoolAsync(SpoolRow spool, List<DeliveredRecord> added, long readings, CancellationToken cancellationToken)
    {
        if (added.Count == 0 && readings == 0)
            return Task.CompletedTask;
        var grown = added.Count > 0 && added[^1].Number > (ulong)spool.Head;
        var row = spool with
        {
            Head = grown ? (long)added[^1].Number : spool.Head,
            Records = spool.Records + added.Count,
            Readings = spool.Readings + readings,
        };
        return LedgerTable.SaveSpoolAsync(transaction, row, grown ? added[^1].Chain : null, nowMs, cancellationToken);
    }

    static bool IsKnown(SpoolLedger ledger, ulong number) => ledger.StateOf(number) is RecordState.Stored or RecordState.SetAside;

    bool IsReplayOf(SpoolLedger ledger, ulong number) => replay && ledger.StateOf(number) == RecordState.SetAside;
}
