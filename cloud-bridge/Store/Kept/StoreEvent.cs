namespace EdgeHub.CloudBridge.Store.Kept;

/// <summary>Something a person must hear of, kept in the store's event table.</summary>
/// <param name="Kind"><c>equivocation</c>, <c>twin-gateway</c>, …</param>
/// <param name="Bytes">The evidence, raw; may be empty.</param>
public sealed record StoreEvent(string Kind, string Gateway, string Text, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Other bytes under a number that the ledger already holds.</summary>
    public const string Equivocation = "equivocation";

    /// <summary>A boot ended without a clock; its readings got a time between those of its neighbours.</summary>
    public const string TimeBounded = "time-bounded";

    /// <summary>An operator took a range out, to be sent again.</summary>
    public const string Refill = "refill";

    /// <summary>What a box has recorded and what became of it here differ.</summary>
    public const string BooksDiffer = "books-differ";

    /// <summary>A box's medium went back in time, or was copied.</summary>
    public const string RestoredImage = "restored-image";

    /// <summary>Two boxes of one site that ask on one bus at the same time.</summary>
    public const string TwoActive = "two-active";

    /// <summary>A box's readings lie in the future.</summary>
    public const string ClockAhead = "clock-ahead";

    /// <summary>Two live boxes with one gateway id.</summary>
    public const string TwinGateway = "twin-gateway";
}
