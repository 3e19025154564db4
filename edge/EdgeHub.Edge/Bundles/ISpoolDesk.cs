using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Bundles;

/// <summary>The spool as somebody meets it who carries records away by hand or looks at the books: inside the running daemon, or under the spool's lock while it is down.</summary>
interface ISpoolDesk : IAsyncDisposable
{
    Task<IReadOnlyList<DeskSpool>> SpoolsAsync(CancellationToken stop);

    /// <summary>The payload of one envelope with records from the first number on; null when the first cannot be read.</summary>
    Task<byte[]?> PackAsync(SpoolId spool, NumberRange numbers, CancellationToken stop);

    /// <summary>Lets go of what the city has committed, as an ack from the broker would.</summary>
    Task<DeskAnswer> SettleAsync(Ack ack, CancellationToken stop);

    /// <summary>What was counted by whom.</summary>
    Task<BoxBooks> BooksAsync(CancellationToken stop);
}
