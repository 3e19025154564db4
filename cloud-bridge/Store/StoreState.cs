using System.Data.Common;

namespace EdgeHub.CloudBridge.Store;

/// <summary>How the database is, in one sentence with what to do.</summary>
public sealed record StoreState(StoreFault Fault, string Sentence)
{
    public static readonly StoreState Good = new(StoreFault.None, "Ok.");

    /// <summary>Whether only a person can mend it. It is tried again all the same: once mended, nothing need be restarted.</summary>
    public bool NeedsSomeone => Fault is not (StoreFault.None or StoreFault.Away);

    public static StoreState Of(IReadingStore store, Exception? failure)
    {
        ArgumentNullException.ThrowIfNull(store);
        var fault = failure is DbException database ? store.Judge(database) : StoreFault.Away;
        if (fault is StoreFault.Data or StoreFault.Conflict)
            fault = StoreFault.Away;
        return new StoreState(fault, $"{store.Description} {What(fault)} ({failure?.Message.ReplaceLineEndings(" ")}) Nothing is acked; the boxes keep what they have.");
    }

    static string What(StoreFault fault) => fault switch
    {
        StoreFault.Away => "does not answer. Start it, or mend the way to it.",
        StoreFault.DiskFull => "has no space left. Free its disk or give it a larger one.",
        StoreFault.PermissionDenied => "does not let this user in or write. Check store.connection and store.passwordFile, and grant the user the tables.",
        StoreFault.SchemaGone => "lacks a table or column. Restore the schema from the backup; never alter it by hand.",
        StoreFault.ReadOnly => "takes no writes. Connect to the primary, or mount its disk writable.",
        StoreFault.Damaged => "has damaged files. Stop the bridge, restore the backup; the boxes send again what it lacks.",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No condition of a store."),
    };
}
