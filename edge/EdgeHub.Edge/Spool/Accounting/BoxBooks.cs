namespace EdgeHub.Edge.Spool.Accounting;

/// <summary>The books of the box at one moment: what <c>edgehub books</c> tells.</summary>
/// <param name="Recorded">Readings recorded since the data directory was born.</param>
/// <param name="Waiting">Of those the readings that the city does not have yet.</param>
/// <param name="Tombstoned">Of those the readings for which a tombstone stands.</param>
/// <param name="Unread">Values that were due and never recorded, since the daemon started; none while it is down.</param>
/// <param name="Difference">What does not balance; null when everything does.</param>
public sealed record BoxBooks(string Gateway, IReadOnlyList<SpoolBooks> Spools, ulong Recorded, ulong Waiting, ulong Tombstoned, IReadOnlyList<UnreadCount> Unread, string? Difference);

/// <summary>One spool: the daemon's present ones, or the last of each class while it is down.</summary>
/// <param name="Delivered">Records the city holds, those it has set aside included; of the rest <paramref name="Tombstoned"/> have a tombstone and <paramref name="Waiting"/> wait.</param>
public sealed record SpoolBooks(string Spool, string Class, ulong Records, ulong Delivered, ulong SetAside, ulong Tombstoned, ulong Waiting, IReadOnlyList<StreamBooks> Streams);

/// <param name="Recorded">Readings by the Recorder's own count; null while the daemon is down.</param>
/// <param name="Journal">Readings counted in the records; null where they cannot be read any more.</param>
public sealed record StreamBooks(string Sensor, string Quantity, ulong? Recorded, ulong? Journal);

/// <param name="Reason"><c>timeout</c>, <c>crc</c>, <c>refused</c>, <c>off</c>, <c>late</c> or <c>overflow</c>.</param>
public sealed record UnreadCount(string Sensor, string Quantity, string Reason, ulong Count);
